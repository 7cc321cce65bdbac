import type { CompiledPlan, CompiledTable } from '../../plan/compiled-plan.ts';
import { readCreatedObjects, type CreatedObjectRecord } from '../../state/created-object-store.ts';
import type { TargetSession } from '../../target/target.ts';
import { isSeed } from './add-seed-row.ts';

/** The tables with those of their seed rows that the run has added: of one whose key a row of the source had, that row is compared. */
export async function withSeedsAdded(
  session: TargetSession,
  runId: string,
  tables: readonly CompiledTable[],
): Promise<readonly CompiledTable[]> {
  if (tables.every(({ seeds }) => seeds === undefined)) return tables;
  const added = new Set((await readCreatedObjects(session, runId)).filter(isSeed).map(placeOf));
  return tables.map((table) => {
    const { seeds, label } = table;
    if (seeds === undefined) return table;
    return { ...table, seeds: { ...seeds, rows: seeds.rows.filter(({ name }) => added.has(`${label} ${name}`)) } };
  });
}

/** What became of seed rows and of tables without rows of a source since the run, in words, by table. Only what the run itself made is looked at. */
export async function changedSince(
  session: TargetSession,
  { targetOnly, postData }: CompiledPlan,
  made: readonly CreatedObjectRecord[],
): Promise<ReadonlyMap<string, string>> {
  const changed = new Map<string, string>();
  const seeds = made.filter(isSeed);
  const tables = new Set(made.flatMap(({ kind, schema, name }) => (kind === 'table' ? [`${schema}.${name}`] : [])));
  for (const { label, countSql } of targetOnly.filter((table) => tables.has(table.label))) {
    const { rows } = await session.query(countSql);
    const own = seeds.filter(({ schema, table }) => `${schema}.${table}` === label).length;
    const there = String(rows[0]?.['rows']);
    if (there !== String(own)) changed.set(label, `${label} has ${there} rows; the run added ${own}.`);
  }
  const places = new Set(seeds.map(placeOf));
  for (const { object, table, seedSql } of postData) {
    if (!isSeed(object) || seedSql === undefined || table === null || changed.has(table) || !places.has(placeOf(object))) continue;
    if ((await session.query(seedSql)).rowCount === 0) changed.set(table, `Seed row ${object.name} of ${table} is not what it was.`);
  }
  return changed;
}

function placeOf({ schema, table, name }: Pick<CreatedObjectRecord, 'schema' | 'table' | 'name'>): string {
  return `${schema}.${table} ${name}`;
}
