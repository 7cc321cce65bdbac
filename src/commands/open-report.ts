import { MigrationError } from '../core/errors.ts';
import { commandIds } from '../ids.ts';
import { askRun } from './ask/ask-run.ts';
import type { Command } from './command.ts';

export const openReport: Command = {
  id: commandIds.openReport,
  async run(host, argument) {
    const run = await askRun(host, argument, (entry) => entry.runId !== null, 'Nothing has run yet');
    if (run.runId === null) {
      throw new MigrationError('bad-usage', {
        context: { detail: 'This run ended before it wrote anything, so there is no report', hint: run.error?.message ?? '' },
      });
    }
    host.panels.openReport({ profile: run.profile, runId: run.runId });
  },
};
