import { commandIds } from '../ids.ts';
import { askRun } from './ask/ask-run.ts';
import type { Command } from './command.ts';

export const cancelRun: Command = {
  id: commandIds.cancelRun,
  async run(host, argument) {
    const run = await askRun(host, argument, (entry) => entry.live && entry.status !== 'cancelling', 'No run is under way');
    host.runs.cancel(run.key);
  },
};
