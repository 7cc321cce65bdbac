import { commandIds } from '../ids.ts';
import { askVectorColumn } from './ask/ask-vector-column.ts';
import type { Command } from './command.ts';

export const checkVectorHealth: Command = {
  id: commandIds.checkVectorHealth,
  async run(host, argument) {
    host.panels.openHealth(await askVectorColumn(host, argument));
  },
};
