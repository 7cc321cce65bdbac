import type { RunRequest, TargetChoice } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';

/** What the command line does when no option is given. */
export const defaultSettings = {
  overrides: {},
  createDatabase: false,
  resume: false,
  runId: null,
  acceptStale: false,
  dryRun: false,
  verify: true,
  redactValues: false,
  backup: null,
} satisfies Partial<RunRequest>;

/** A run of `plan` as if it stood in the file `path`, with every setting as the command line leaves it. */
export function runRequest(plan: PlanInput, path: string, target: TargetChoice, settings: Partial<RunRequest> = {}): RunRequest {
  return {
    input: { kind: 'plan', text: JSON.stringify(plan), path },
    target,
    ...defaultSettings,
    signal: new AbortController().signal,
    ...settings,
  };
}
