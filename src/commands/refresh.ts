import { commandIds } from '../ids.ts';
import type { Command } from './command.ts';
import { nodeOf } from './node-of.ts';

/** Reads again what a node shows; from a view's title everything that is connected. */
export const refresh: Command = {
  id: commandIds.refresh,
  run(host, argument) {
    const profile = nodeOf(argument, 'target')?.profile;
    const profiles =
      profile === undefined ? host.targets.list.filter(({ connected }) => connected).map((entry) => entry.profile.id) : [profile];
    for (const id of profiles) {
      host.targets.reload(id);
      host.runs.refresh(id);
    }
  },
};
