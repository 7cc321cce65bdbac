import { createNamePool, objectName, type NamePool } from '../sql/object-name.ts';
import { readVectorExpression } from '../sql/vector-expression.ts';
import { indexedColumn } from './indexed-column.ts';
import type { Plan, PlanIndex, PlanTargetOnlyTable } from './plan-schema.ts';
import { fullTextsOf, resolveTableName, type PlannedTable } from './planned-table.ts';

/** Names of what belongs to one table; lists are parallel to those of the plan. */
export interface TableObjectNames {
  readonly primaryKey: string;
  readonly uniques: readonly string[];
  readonly checks: readonly string[];
  readonly foreignKeys: readonly string[];
  readonly indexes: readonly string[];
  readonly fullTexts: readonly string[];
  /** Parallel to the partitions that are made. */
  readonly partitions: readonly string[];
}

/**
 * Names every constraint and index of a plan, by table label. The same plan always gives the same names, whichever of its tables are run;
 * names that the plan gives are taken first, so that no made-up name is in their way. `partitions`: of a table, by what their names end in; they come
 * last, because the data may decide how many there are.
 */
export function planObjectNames(
  plan: Plan,
  schema: string,
  tables: readonly PlannedTable[],
  partitions: (table: PlannedTable) => readonly { readonly label: string }[],
): ReadonlyMap<string, TableObjectNames> {
  const pool = createNamePool();
  for (const sequence of plan.sequences) {
    const name = resolveTableName(sequence.name, schema);
    pool.reserve(name.schema, name.table);
  }
  for (const table of tables) reserveGiven(pool, table);
  const names = new Map(tables.map((table) => [table.label, nameObjects(pool, table)]));
  return new Map(
    tables.map((table) => [
      table.label,
      { ...(names.get(table.label) as OwnNames), partitions: partitions(table).map(nameIn(pool, table)) },
    ]),
  );
}

type OwnNames = Omit<TableObjectNames, 'partitions'>;

type Unique = PlanTargetOnlyTable['uniques'][number];
type Check = PlanTargetOnlyTable['checks'][number];

export function uniqueColumns(unique: Unique): readonly string[] {
  return Array.isArray(unique) ? unique : unique.columns;
}

export function checkExpression(check: Check): string {
  return typeof check === 'string' ? check : check.expression;
}

function reserveGiven(pool: NamePool, { to, body }: PlannedTable): void {
  pool.reserve(to.schema, to.table);
  // PostgreSQL names the sequence of an identity column by itself.
  for (const column of body.columns) if (column.identity) pool.reserve(to.schema, objectName(to.table, [column.to], 'seq'));
  for (const item of [...body.uniques, ...body.checks, ...body.foreignKeys, ...body.indexes]) {
    const name = givenName(item);
    if (name !== undefined) pool.reserve(to.schema, name);
  }
}

function nameObjects(pool: NamePool, { to, body }: PlannedTable): OwnNames {
  const name = (item: object | string, columns: readonly string[], suffix: string): string =>
    givenName(item) ?? pool.take(to.schema, objectName(to.table, columns, suffix), `${to.table} ${suffix} ${JSON.stringify(item)}`);
  return {
    primaryKey: pool.take(to.schema, objectName(to.table, [], 'pkey'), `${to.table} pkey`),
    uniques: body.uniques.map((unique) => name(unique, uniqueColumns(unique), 'key')),
    checks: body.checks.map((check) => name(check, [], 'check')),
    foreignKeys: body.foreignKeys.map((key) => name(key, key.columns, 'fkey')),
    indexes: body.indexes.map((index) => name(index, indexColumns(index), 'idx')),
    fullTexts: fullTextsOf(body).map((fullText) => name(fullText, [fullText.column], 'idx')),
  };
}

function nameIn(pool: NamePool, { to }: PlannedTable): (partition: { readonly label: string }) => string {
  return ({ label }) => pool.take(to.schema, objectName(to.table, [], label), `${to.table} partition ${label}`);
}

function givenName(item: object | string): string | undefined {
  return typeof item === 'object' && 'name' in item && typeof item.name === 'string' ? item.name : undefined;
}

function indexColumns(index: PlanIndex): readonly string[] {
  const columns = index.columns.map((part) => indexedColumn(part) ?? 'expr');
  // An index for neighbours is known by its vector, whatever it makes of it.
  return index.expression === null ? columns : [...columns, readVectorExpression(index.expression)?.column ?? 'expr'];
}
