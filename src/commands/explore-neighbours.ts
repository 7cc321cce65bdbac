import { commandIds } from '../ids.ts';
import { askVectorColumn } from './ask/ask-vector-column.ts';
import type { Command } from './command.ts';

export const exploreNeighbours: Command = {
  id: commandIds.exploreNeighbours,
  async run(host, argument) {
    host.panels.openNeighbours({ ...(await askVectorColumn(host, argument)), key: null });
  },
};
