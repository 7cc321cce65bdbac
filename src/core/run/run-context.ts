import type { EngineDeps } from '../engine-deps.ts';
import type { PreflightReport } from '../model/preflight.ts';
import type { BackupNote } from '../model/run.ts';
import type { ControlSession } from './control-session.ts';
import type { EffectivePlan } from './effective-plan.ts';
import type { EngineSession } from './engine-session.ts';
import type { ExistingObjects } from './existing/existing-objects.ts';
import type { FrozenSources } from './frozen-sources.ts';
import type { RunRequest } from './requests.ts';

/** What the phases share. */
export interface RunContext {
  readonly request: RunRequest;
  readonly engine: EngineSession;
  readonly deps: EngineDeps;
  readonly effective: EffectivePlan;
  /** What of the plan the target had before the run. */
  readonly existing: Pick<ExistingObjects, 'records' | 'warnings'>;
  readonly sources: FrozenSources;
  readonly control: ControlSession;
  readonly jobs: number;
  /** Clock.elapsed() at the start of the command. */
  readonly startedAt: number;
  /** null for a run that is resumed. */
  readonly preflight: PreflightReport | null;
  readonly backups: readonly BackupNote[];
}
