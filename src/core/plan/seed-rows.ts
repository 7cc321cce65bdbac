import type { Statement } from '../model/statement.ts';
import { parsePgType } from '../sql/pg-type.ts';
import type { PgType } from '../model/pg-type.ts';
import { insertSeedSql, seedText, selectSeedSql, type JsonValue, type SeedForm, type SqlSeedValue } from '../sql/seed-row.ts';
import { vectorTypes } from '../sql/type-names.ts';
import { ddlType, type CompileContext } from './compile-context.ts';
import type { SeedKeys } from './compiled-plan.ts';
import { indexedColumn } from './indexed-column.ts';
import { uniqueColumns } from './plan-object-names.ts';
import type { PlanTargetOnlyTable } from './plan-schema.ts';
import type { PlannedTable } from './planned-table.ts';

type SeedRow = PlanTargetOnlyTable['seed'][number];

/** One statement for each seed row, behind the unique keys and before the foreign keys. */
export function seedStatements(context: CompileContext, { to, label, body }: PlannedTable): readonly Statement[] {
  return body.seed.map((row, i) => ({
    section: 'post-data',
    sql: insertSeedSql(to, seedValues(body, row)),
    object: { kind: 'seed', schema: to.schema, table: to.table, name: String(i + 1) },
    table: label,
    hazards: [],
    seedSql: selectSeedSql(to, comparedValues(context, body, row)),
  }));
}

/** Vectors are left out: their type may be in another schema by now. */
function comparedValues(
  context: CompileContext,
  body: PlanTargetOnlyTable,
  row: SeedRow,
): readonly (SqlSeedValue & { readonly type: string })[] {
  return seedValues(body, row).flatMap((value) => {
    const type = body.columns.find(({ to }) => to === value.column)?.type ?? 'text';
    return vectorTypes.has(parsePgType(type).name) ? [] : [{ ...value, type: ddlType(context, type) }];
  });
}

/** Values of a row in the order of the table's columns. */
export function seedValues(body: PlanTargetOnlyTable, row: SeedRow): readonly SqlSeedValue[] {
  return body.columns.flatMap(({ to, type }) =>
    Object.hasOwn(row, to) ? [{ column: to, text: seedText(row[to] as JsonValue, seedForm(parsePgType(type))) }] : [],
  );
}

export function seedForm(type: PgType): SeedForm {
  if (type.arrayDepth > 0) return 'array';
  if (type.name === 'json' || type.name === 'jsonb') return 'json';
  return vectorTypes.has(type.name) ? 'vector' : 'scalar';
}

/**
 * By which seed rows are told from rows of the source: the first key of the table of which each seed row has all values. null = there is none; a plan with
 * such a table is not in order.
 */
export function seedKey(body: PlanTargetOnlyTable): readonly string[] | null {
  const whole = body.indexes.filter((index) => index.unique && index.where === null && index.expression === null);
  const indexed = whole.map((index) => index.columns.flatMap((column) => indexedColumn(column) ?? []));
  const keys = [body.primaryKey, ...body.uniques.map(uniqueColumns), ...indexed];
  return keys.find((key) => key.length > 0 && body.seed.every((row) => key.every((name) => (row[name] ?? null) !== null))) ?? null;
}

/** Keys of the seed rows of a table, which are no rows of the source. */
export function seedKeys(context: CompileContext, { body }: PlannedTable): SeedKeys | null {
  const key = body.seed.length === 0 ? null : seedKey(body);
  if (key === null) return null;
  const types = key.map((name) => ddlType(context, body.columns.find(({ to }) => to === name)?.type ?? 'text'));
  const rows = body.seed.map((row, i) => {
    const values = seedValues(body, row);
    return { name: String(i + 1), texts: key.map((name) => values.find(({ column }) => column === name)?.text ?? null) };
  });
  return { columns: key, types, rows };
}
