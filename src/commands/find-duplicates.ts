import { commandIds } from '../ids.ts';
import { askVectorColumn } from './ask/ask-vector-column.ts';
import type { Command } from './command.ts';

export const findDuplicates: Command = {
  id: commandIds.findDuplicates,
  async run(host, argument) {
    host.panels.openDuplicates(await askVectorColumn(host, argument));
  },
};
