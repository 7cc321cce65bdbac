import { MigrationError } from '../errors.ts';
import type { TargetSession } from '../target/target.ts';

/** Refuses the next statement once the signal is aborted. */
export function stoppable(session: TargetSession, signal: AbortSignal): TargetSession {
  return {
    query: (sql, parameters) => {
      if (signal.aborted) throw new MigrationError('cancelled');
      return session.query(sql, parameters);
    },
    copyIn: (sql) => session.copyIn(sql),
    copyOut: (sql, stop) => session.copyOut(sql, stop),
  };
}
