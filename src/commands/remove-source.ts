import { commandIds } from '../ids.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';

/** Takes a store out of the list; the file stays. */
export const removeSource: Command = {
  id: commandIds.removeSource,
  run(host, argument) {
    const node = nodeOf(argument, 'store');
    if (node !== null) host.stores.remove(node.path);
  },
};
