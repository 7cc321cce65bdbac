import type { CompiledPlan } from '../../plan/compiled-plan.ts';
import { uniqueColumns } from '../../plan/plan-object-names.ts';
import type { Plan } from '../../plan/plan-schema.ts';
import { fullTextsOf, plannedTables, type PlannedTable } from '../../plan/planned-table.ts';
import { parsePgType } from '../../sql/pg-type.ts';
import { foundError, foundWarning, type Found } from './finding.ts';
import { mostTupleBytes, tupleBytes } from '../../load/tuple-width.ts';

/** https://www.postgresql.org/docs/current/limits.html */
const mostColumns = 1_600;
const mostKeyColumns = 32;
/** PostgreSQL has no limit, but each index costs at every write. */
const manyIndexes = 64;

/** Of the column that a full-text search fills in each row. */
const searchType = parsePgType('tsvector');

/** What PostgreSQL would refuse whatever the rows are. Names that are too long do not get this far: compiling refuses them. */
export function checkPlanLimits(plan: Plan, compiled: CompiledPlan): readonly Found[] {
  return tablesOfRun(plan, compiled).flatMap((table) => [
    ...checkColumnCount(table),
    ...checkRowWidth(table),
    ...checkKeyColumns(table),
    ...checkIndexCount(table),
  ]);
}

/** The tables that the statements of a run make. */
export function tablesOfRun(plan: Plan, compiled: CompiledPlan): readonly PlannedTable[] {
  const made = new Set(compiled.preData.flatMap(({ object, table }) => (object?.kind === 'table' ? [table] : [])));
  return plannedTables(plan, plan.target.schema).filter((table) => made.has(table.label));
}

function checkColumnCount({ label, body }: PlannedTable): readonly Found[] {
  const columns = body.columns.length + fullTextsOf(body).length;
  return columns > mostColumns ? [foundError('too-many-columns', { table: label, columns, limit: mostColumns })] : [];
}

/** Counts what every row has: columns that are NOT NULL, each as short as its type can be. */
function checkRowWidth({ label, body }: PlannedTable): readonly Found[] {
  const nullable = (i: number): boolean => body.columns[i]?.nullable === true;
  const types = [...body.columns.map((column) => parsePgType(column.type)), ...fullTextsOf(body).map(() => searchType)];
  const bytes = tupleBytes(types, (i) => (nullable(i) ? null : 1));
  return bytes > mostTupleBytes ? [foundError('row-too-wide', { table: label, bytes, limit: mostTupleBytes })] : [];
}

function checkKeyColumns({ label, body }: PlannedTable): readonly Found[] {
  const keys = [
    { key: 'The primary key', columns: body.primaryKey.length },
    ...body.uniques.map((unique) => ({
      key: `A unique key (${uniqueColumns(unique)[0] ?? ''}, …)`,
      columns: uniqueColumns(unique).length,
    })),
    ...body.foreignKeys.map((key) => ({ key: `A foreign key (${key.columns[0] ?? ''}, …)`, columns: key.columns.length })),
    ...body.indexes.map((index) => ({ key: `Index ${index.name ?? ''}`.trim(), columns: index.columns.length })),
  ];
  return keys
    .filter(({ columns }) => columns > mostKeyColumns)
    .map(({ key, columns }) => foundError('too-many-key-columns', { table: label, key, columns, limit: mostKeyColumns }));
}

function checkIndexCount({ label, body }: PlannedTable): readonly Found[] {
  const indexes = body.indexes.length + body.uniques.length + (body.primaryKey.length > 0 ? 1 : 0);
  return indexes > manyIndexes ? [foundWarning('many-indexes', { table: label, indexes })] : [];
}
