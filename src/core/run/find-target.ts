import { MigrationError } from '../errors.ts';
import type { CompiledPlan } from '../plan/compiled-plan.ts';
import type { Target } from '../target/target.ts';
import { withMaintenance } from './create-database.ts';
import type { EngineSession } from './engine-session.ts';
import { checkFutureDatabase } from './preflight/check-future-database.ts';
import type { Found } from './preflight/finding.ts';
import type { RunRequest } from './requests.ts';
import { isUnmade } from './stand-in-target.ts';

/** A target as it is before a run: there, or to be made by the run. */
export interface FoundTarget {
  /** null: nothing is made before everything else is checked. */
  readonly target: Target | null;
  /** What can be said of one that is not there yet. */
  readonly check: (compiled: CompiledPlan) => Promise<readonly Found[]>;
}

/** Opens the target without making it. Throws a diagnosis of the connection. */
export async function findTarget({ target: choice, createDatabase }: RunRequest, engine: EngineSession): Promise<FoundTarget> {
  const nothing = (): Promise<readonly Found[]> => Promise.resolve([]);
  // An empty embedded database has no names that could clash, no rights that could be missing, and pgvector.
  if (choice.kind === 'embedded' && isUnmade(choice)) return { target: null, check: nothing };
  try {
    return { target: await engine.openTarget(choice), check: nothing };
  } catch (error) {
    if (choice.kind === 'embedded' || !createDatabase || !(error instanceof MigrationError) || error.code !== 'no-such-database')
      throw error;
    const { connection } = choice;
    return {
      target: null,
      check: (compiled) => withMaintenance(connection, (maintenance) => checkFutureDatabase(maintenance, connection.database, compiled)),
    };
  }
}
