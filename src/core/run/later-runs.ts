import { MigrationError } from '../errors.ts';
import type { TargetSession } from '../target/target.ts';

/** Throws `roll-back-blocked` with the run that has to be rolled back first, when tables that another run made refer to those of this one. */
export async function refuseLaterRuns(session: TargetSession, runId: string): Promise<void> {
  const { rows } = await session.query(referringQuery, [runId]);
  const [first] = rows;
  if (first === undefined) return;
  const runs = [...new Set(rows.map((row) => String(row['run_id'])))];
  throw new MigrationError('roll-back-blocked', {
    context: {
      object: `table ${String(first['parent'])}`,
      detail: `foreign key ${String(first['name'])} of ${String(first['child'])}, which run ${String(first['run_id'])} made, refers to it`,
      hint: `Roll back run ${runs.join(', then ')} first, then this one.`,
      runs,
    },
  });
}

/** The latest run first, which is the one that nothing can depend on. */
const referringQuery = `
SELECT later.run_id, con.conname AS name, home.nspname || '.' || child.relname AS child, there.nspname || '.' || parent.relname AS parent
  FROM pg_catalog.pg_constraint AS con
  JOIN pg_catalog.pg_class AS child ON child.oid = con.conrelid JOIN pg_catalog.pg_namespace AS home ON home.oid = child.relnamespace
  JOIN pg_catalog.pg_class AS parent ON parent.oid = con.confrelid JOIN pg_catalog.pg_namespace AS there ON there.oid = parent.relnamespace
  JOIN sluice.created_object AS own ON own.run_id = $1 AND own.kind = 'table' AND own.schema_name = there.nspname AND own.name = parent.relname
  JOIN sluice.created_object AS made
    ON made.run_id <> $1 AND made.kind = 'foreign-key' AND made.schema_name = home.nspname AND made.table_name = child.relname AND made.name = con.conname
  JOIN sluice.run AS later ON later.run_id = made.run_id AND later.status <> 'rolled-back'
 WHERE con.contype = 'f' AND con.conparentid = 0
 ORDER BY later.started_at DESC, later.run_id, con.conname`;
