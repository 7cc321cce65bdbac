import type { PartitionRows, TableOutcome } from '../model/run.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { TargetSession } from '../target/target.ts';
import type { ControlSession } from './control-session.ts';

/** Where the rows of partitioned tables are: each partition of those that the run made, also one without rows. */
export async function withPartitionRows(
  control: ControlSession,
  tables: readonly CompiledTable[],
  outcomes: readonly TableOutcome[],
): Promise<readonly TableOutcome[]> {
  const partitioned = new Map(tables.flatMap((table) => (isPartitioned(table) ? [[table.label, table]] : [])));
  if (partitioned.size === 0) return outcomes;
  const counted: TableOutcome[] = [];
  for (const outcome of outcomes) {
    const table = partitioned.get(outcome.to);
    counted.push(table === undefined ? outcome : { ...outcome, partitions: await control.use((target) => countRows(target, table)) });
  }
  return counted;
}

function isPartitioned({ partitioned, existing }: CompiledTable): boolean {
  return partitioned === true && existing === undefined;
}

async function countRows(session: TargetSession, { to }: CompiledTable): Promise<readonly PartitionRows[]> {
  const { rows } = await session.query(
    `SELECT part.relname AS name, coalesce(counted.rows, 0)::text AS rows, pg_get_expr(part.relpartbound, part.oid) = 'DEFAULT' AS is_default
       FROM pg_catalog.pg_partition_tree($1::regclass) AS tree JOIN pg_catalog.pg_class AS part ON part.oid = tree.relid
       LEFT JOIN (SELECT tableoid, count(*) AS rows FROM ${quoteTable(to)} GROUP BY tableoid) AS counted ON counted.tableoid = part.oid
      WHERE tree.isleaf ORDER BY is_default, part.oid`,
    [quoteTable(to)],
  );
  return rows.map((row) => ({ name: String(row['name']), rows: Number(row['rows']), isDefault: row['is_default'] === true }));
}
