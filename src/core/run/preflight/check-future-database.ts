import type { CompiledPlan } from '../../plan/compiled-plan.ts';
import type { Target } from '../../target/target.ts';
import { mayNotCreateDatabase } from '../create-database.ts';
import { checkVector, checkVersion } from './check-server.ts';
import type { Found } from './finding.ts';

/** A database that the run makes: whether the user may, and what it will find there. `maintenance`: another database of the same server. */
export async function checkFutureDatabase(maintenance: Target, database: string, compiled: CompiledPlan): Promise<readonly Found[]> {
  const asked = await maintenance.query(
    `SELECT rolname AS user_name, rolcreatedb OR rolsuper AS allowed FROM pg_catalog.pg_roles WHERE rolname = current_user`,
  );
  const { user_name: user, allowed } = asked.rows[0] ?? {};
  const found = [
    ...checkVersion(maintenance.capabilities, maintenance.label),
    ...checkVector(maintenance.capabilities, maintenance.label, compiled),
  ];
  if (allowed === true) return found;
  return [...found, { severity: 'error', error: mayNotCreateDatabase(String(user), database) }];
}
