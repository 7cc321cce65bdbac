import { plural } from '../../model/plural.ts';
import { parsePgType } from '../../sql/pg-type.ts';
import type { TableName } from '../compiled-plan.ts';
import { errorAt, warningAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan, PlanForeignKey, PlanTargetOnlyTable } from '../plan-schema.ts';
import { indexedColumn } from '../indexed-column.ts';
import { uniqueColumns } from '../plan-object-names.ts';
import { plannedTables, resolveTableName, tableLabel, type PlannedTable } from '../planned-table.ts';
import { checkFullText } from './check-full-text.ts';
import { checkIndexes } from './check-indexes.ts';
import { checkPartitions } from './check-partitions.ts';

type Path = FoundProblem['path'];

/** Primary, unique and foreign keys: they name columns and tables that exist, and PostgreSQL would take them. */
export function checkKeys(plan: Plan): readonly FoundProblem[] {
  const tables = plannedTables(plan, plan.target.schema);
  return tables.flatMap((table) => [
    ...checkPrimaryKey(table),
    ...checkPartitions(plan, table),
    ...table.body.uniques.flatMap((unique, i) => unknownColumns(table, uniqueColumns(unique), [...table.path, 'uniques', i])),
    ...table.body.foreignKeys.flatMap((key, i) => checkForeignKey(plan, tables, table, key, [...table.path, 'foreignKeys', i])),
    ...checkIndexes(table),
    ...checkFullText(plan, table),
  ]);
}

function checkPrimaryKey({ body, label, path }: PlannedTable): readonly FoundProblem[] {
  return body.primaryKey.flatMap((name, i) => {
    const column = body.columns.find((candidate) => candidate.to === name);
    if (column === undefined) return [errorAt(`${label} has no column "${name}".`, [...path, 'primaryKey', i])];
    return column.nullable
      ? [errorAt(`"${name}" is part of the primary key: say "nullable": false.`, [...path, 'columns', body.columns.indexOf(column)])]
      : [];
  });
}

function checkForeignKey(
  plan: Plan,
  tables: readonly PlannedTable[],
  table: PlannedTable,
  key: PlanForeignKey,
  path: Path,
): readonly FoundProblem[] {
  const unknown = unknownColumns(table, key.columns, [...path, 'columns']);
  if (unknown.length > 0) return unknown;
  if (key.columns.length !== key.referencesColumns.length) {
    const columns = plural(key.columns.length, 'column');
    return [errorAt(`A key over ${columns} cannot reference ${key.referencesColumns.length}.`, [...path, 'referencesColumns'])];
  }
  if (key.orphans === 'quarantine' && !key.enforce)
    return [
      errorAt('Orphans are set aside only for a key that is created: say "orphans": "report", or leave "enforce" out.', [
        ...path,
        'orphans',
      ]),
    ];
  const to = resolveTableName(key.references, plan.target.schema);
  const parent = tables.find((candidate) => candidate.label === tableLabel(to));
  return parent === undefined ? [missingParent(plan, key, to, path)] : checkReference(table, key, parent, path);
}

function missingParent(plan: Plan, key: PlanForeignKey, to: TableName, path: Path): FoundProblem {
  const at = [...path, 'references'];
  const excluded = plan.tables.some((table) => tableLabel(resolveTableName(table.to, plan.target.schema)) === tableLabel(to));
  if (excluded) return warningAt(`${tableLabel(to)} is not included, so this foreign key is left out.`, at);
  if (typeof key.references === 'string') return errorAt(`There is no table ${tableLabel(to)} in this plan.`, at);
  return warningAt(`${tableLabel(to)} is not in this plan; it must be in the target before the run.`, at);
}

function checkReference(table: PlannedTable, key: PlanForeignKey, parent: PlannedTable, path: Path): readonly FoundProblem[] {
  const at = [...path, 'referencesColumns'];
  const unknown = unknownColumns(parent, key.referencesColumns, at);
  if (unknown.length > 0 || !key.enforce) return unknown;
  if (!isKey(parent.body, key.referencesColumns)) {
    const partitionedBy = parent.body.partitionBy?.column;
    const reason = partitionedBy === undefined || key.referencesColumns.includes(partitionedBy) ? '.' : becauseOfPartitions(partitionedBy);
    return [errorAt(`(${key.referencesColumns.join(', ')}) is neither the primary key nor unique in ${parent.label}${reason}`, at)];
  }
  return key.columns.flatMap((name, i) => {
    const other = key.referencesColumns[i] ?? '';
    const [child, referenced] = [typeOf(table, name), typeOf(parent, other)];
    const fits = child === null || referenced === null || family(child) === family(referenced);
    return fits ? [] : [errorAt(`"${name}" is ${child}, but ${parent.label}.${other} is ${referenced}.`, [...path, 'columns', i])];
  });
}

function becauseOfPartitions(column: string): string {
  return `, which is partitioned by "${column}", so that all its keys contain that column: say "enforce": false, and rows without a parent are listed after the load; or leave "partitionBy" out of the parent, and the key stays.`;
}

function isKey(body: PlanTargetOnlyTable, columns: readonly string[]): boolean {
  const whole = body.indexes.filter((index) => index.unique && index.where === null && index.expression === null);
  const indexed = whole.map((index) => index.columns.map(indexedColumn));
  const wanted = columns.toSorted().join('\0');
  return [body.primaryKey, ...body.uniques.map(uniqueColumns), ...indexed].some((key) => key.toSorted().join('\0') === wanted);
}

function typeOf(table: PlannedTable, name: string): string | null {
  const type = table.body.columns.find((column) => column.to === name)?.type;
  try {
    return type === undefined ? null : parsePgType(type).name;
  } catch {
    return null;
  }
}

/** Types that PostgreSQL compares with each other in a foreign key. */
function family(type: string): string {
  if (['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'].includes(type)) return 'number';
  return ['text', 'varchar', 'char', 'bpchar', 'name'].includes(type) ? 'text' : type;
}

function unknownColumns(table: PlannedTable, names: readonly string[], path: Path): readonly FoundProblem[] {
  return names.flatMap((name, i) =>
    table.body.columns.some((column) => column.to === name) ? [] : [errorAt(`${table.label} has no column "${name}".`, [...path, i])],
  );
}
