import { tryParsePgType } from '../../sql/pg-type.ts';
import { vectorTypes } from '../../sql/type-names.ts';
import { indexedColumn } from '../indexed-column.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { PlanIndex } from '../plan-schema.ts';
import { fullTextsOf, type PlannedTable } from '../planned-table.ts';
import { checkVectorIndex } from './check-vector-index.ts';

/** Indexes of one table: columns that exist, and limits of pgvector, which would else fail after hours of loading. */
export function checkIndexes(table: PlannedTable): readonly FoundProblem[] {
  return table.body.indexes.flatMap((index, i) => {
    const path = [...table.path, 'indexes', i];
    return [...checkParts(table, index, path), ...checkName(table, index, path), ...checkMethod(table, index, path)];
  });
}

type Path = FoundProblem['path'];

function checkParts(table: PlannedTable, index: PlanIndex, path: Path): readonly FoundProblem[] {
  if (index.columns.length === 0 && index.expression === null) return [errorAt('An index needs "columns" or an "expression".', path)];
  return columnNames(index).flatMap((name, i) =>
    name === null || typeOf(table, name) !== null ? [] : [errorAt(`${table.label} has no column "${name}".`, [...path, 'columns', i])],
  );
}

function checkName(table: PlannedTable, index: PlanIndex, path: Path): readonly FoundProblem[] {
  const first = table.body.indexes.find((other) => index.name !== undefined && other.name === index.name);
  return first === undefined || first === index
    ? []
    : [errorAt(`${table.label} has two indexes "${index.name ?? ''}".`, [...path, 'name'])];
}

function checkMethod(table: PlannedTable, index: PlanIndex, path: Path): readonly FoundProblem[] {
  if (index.method === 'hnsw' || index.method === 'ivfflat') return checkVectorIndex(table, index, index.method, path);
  // A B-tree compares vectors as wholes, which is what keeps a key unique; no index for neighbours can.
  if (index.unique) return [];
  return vectorColumns(table, index).map(({ name, i }) =>
    errorAt(`"${name}" is a vector: its index needs "method": "hnsw" or "ivfflat".`, [...path, 'columns', i]),
  );
}

function vectorColumns(table: PlannedTable, index: PlanIndex): readonly { readonly name: string; readonly i: number }[] {
  return columnNames(index).flatMap((name, i) => {
    const type = name === null ? null : tryParsePgType(typeOf(table, name) ?? '');
    return name !== null && type !== null && vectorTypes.has(type.name) ? [{ name, i }] : [];
  });
}

/** null for an expression. */
function columnNames(index: PlanIndex): readonly (string | null)[] {
  return index.columns.map(indexedColumn);
}

/** null when there is no such column; `fullText` adds one of its own. */
function typeOf(table: PlannedTable, name: string): string | null {
  if (fullTextsOf(table.body).some(({ column }) => column === name)) return 'tsvector';
  return table.body.columns.find((column) => column.to === name)?.type ?? null;
}
