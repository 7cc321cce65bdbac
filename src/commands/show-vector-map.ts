import { commandIds } from '../ids.ts';
import { askVectorColumn } from './ask/ask-vector-column.ts';
import type { Command } from './command.ts';

export const showVectorMap: Command = {
  id: commandIds.showVectorMap,
  async run(host, argument) {
    host.panels.openVectorMap(await askVectorColumn(host, argument));
  },
};
