import { commandIds } from '../ids.ts';
import type { Command } from './command.ts';

export const restartEngine: Command = {
  id: commandIds.restartEngine,
  async run(host) {
    await host.engines.restart();
    for (const store of host.stores.list) host.stores.reload(store.path);
    for (const target of host.targets.list) if (target.connected) host.targets.reload(target.profile.id);
  },
};
