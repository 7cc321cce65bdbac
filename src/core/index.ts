/** Public API of the engine: plain Node, no vscode. Every function takes its surroundings as EngineDeps. */
export type { EngineDeps, EngineEvent, Log, Phase, WorkerHandle } from './engine-deps.ts';
export { MigrationError, toErrorShape, toMigrationError, type ErrorShape } from './errors.ts';
export type { RunResult, RunSummary, Warning } from './model/run.ts';
export type { Verification } from './model/discrepancy.ts';
export type * from './run/requests.ts';
export { inspectStores } from './run/inspect-stores.ts';
export { planStores } from './run/plan-stores.ts';
export { runMigration } from './run/run-migration.ts';
export { verifyMigration } from './run/verify-migration.ts';
export { rollBackRun } from './run/roll-back-run.ts';
export { listRuns, readRunReport } from './run/run-history.ts';
export { diagnoseTarget } from './run/diagnose-target.ts';
