import { MigrationError, type EngineEvent, type PreflightReport } from '../core/index.ts';

/** What the events of a run have told so far: all that is known of it when it has to be dropped without a farewell. */
export interface RunObserver {
  see(event: EngineEvent): void;
  /** The error with the id of the run that it ended and, when it was cancelled, with what is committed. */
  complete(error: MigrationError): MigrationError;
  /** What was found before anything was created; undefined when a run has not come so far, or has begun. */
  readonly refusal: PreflightReport | undefined;
}

export function observeRun(): RunObserver {
  let runId: string | undefined;
  let committed = 0;
  let report: PreflightReport | undefined;
  return {
    get refusal() {
      return runId === undefined ? report : undefined;
    },
    see(event) {
      if (event.type === 'preflight') report = event.report;
      if ((event.type === 'phase' || event.type === 'done') && event.runId !== undefined) runId = event.runId;
      // Rows of the data phase are told when the transaction that wrote them is committed.
      if (event.type === 'progress' && event.phase === 'data') committed = event.rows;
    },
    complete(error) {
      if (runId === undefined) return error;
      const rows = error.code === 'cancelled' ? { rowsCommitted: committed } : {};
      return new MigrationError(error.code, { context: { runId, ...rows, ...error.context }, cause: error.cause, kind: error.kind });
    },
  };
}
