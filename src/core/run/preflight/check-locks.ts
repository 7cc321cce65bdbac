import type { CompiledPlan } from '../../plan/compiled-plan.ts';
import { fullTextsOf, type PlannedTable } from '../../plan/planned-table.ts';
import type { Target } from '../../target/target.ts';
import { foundError, type Found } from './finding.ts';

/**
 * Every look at a partitioned table locks its partitions and their indexes, for which a server has room that is measured when it starts. Found now, and
 * not when all rows are in and an index is to be built. `target`: null = an embedded one that the run makes, which has PostgreSQL's defaults.
 */
export async function checkLocks(
  target: Target | null,
  tables: readonly PlannedTable[],
  compiled: CompiledPlan,
): Promise<readonly Found[]> {
  const needed = tables.flatMap(({ label, body }) => {
    const partitions = compiled.preData.filter(({ object, table }) => object?.kind === 'partition' && table === label).length;
    const indexes = body.indexes.length + body.uniques.length + fullTextsOf(body).length + (body.primaryKey.length > 0 ? 1 : 0);
    return partitions === 0 ? [] : [{ table: label, partitions, locks: (partitions + 1) * (1 + indexes) }];
  });
  if (needed.length === 0) return [];
  const capacity = target === null ? defaultRoom : Number((await target.query(roomQuery)).rows[0]?.['capacity']);
  return needed
    .filter(({ locks }) => locks > capacity)
    .map((found) => foundError('partitions-beyond-locks', { ...found, capacity, target: target?.label ?? 'the embedded target' }));
}

/** https://www.postgresql.org/docs/current/runtime-config-locks.html */
const roomQuery = `SELECT current_setting('max_locks_per_transaction')::bigint
    * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint) AS capacity`;

const defaultRoom = 64 * 100;
