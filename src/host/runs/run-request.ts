import type { RunResult, TargetChoice } from '../../core/index.ts';
import type { EngineRequests } from '../../protocol/engine-protocol.ts';
import type { RunStart } from '../host.ts';
import type { RunRecord } from './run-record.ts';

/** What an engine is asked for when a run starts. */
export function requestOf(start: RunStart, target: TargetChoice): EngineRequests['run']['params'] {
  return {
    input: { kind: 'plan', text: start.plan.text, path: start.plan.uri.fsPath },
    target,
    overrides: start.overrides,
    createDatabase: false,
    resume: start.resume !== null,
    runId: start.resume?.runId ?? null,
    acceptStale: start.acceptStale,
    dryRun: false,
    verify: true,
    redactValues: false,
    backup: null,
  };
}

/** What a run's record says once it is over. */
export function outcomeOf(result: RunResult): Pick<RunRecord, 'runId' | 'status' | 'rows' | 'rowsCounted' | 'rejects' | 'verification'> {
  return {
    runId: result.runId,
    status: result.status === 'dry-run' ? 'done' : result.status,
    rows: result.tables.reduce((sum, table) => sum + table.rowsWritten, 0),
    rowsCounted: true,
    rejects: result.rejects,
    verification: result.verification.status,
  };
}
