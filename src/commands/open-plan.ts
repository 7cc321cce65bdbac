import { commandIds } from '../ids.ts';
import { askPlanFile } from './ask/ask-plan.ts';
import type { Command } from './command.ts';
import { uriOf } from './node-of.ts';

export const openPlan: Command = {
  id: commandIds.openPlan,
  async run(host, argument) {
    await host.plans.open(uriOf(argument) ?? (await askPlanFile()));
  },
};
