import { DuckDBArrayType, DuckDBListType, type DuckDBConnection, type DuckDBType } from '@duckdb/node-api';
import { readAllRows } from './read-chunks.ts';
import type { Relation } from './relation.ts';

/** Of each column of lists of lists: values that are no rectangle, or hold an empty or a missing list. Lists nested deeper are not looked at. */
export async function countRagged(connection: DuckDBConnection, { columns, from }: Relation): Promise<ReadonlyMap<string, number>> {
  const nested = columns.filter(({ type }) => isListOfScalarLists(type));
  if (nested.length === 0) return new Map();
  const expressions = nested.map(({ sql }) => {
    const lengths = `list_transform(${sql}, lambda one: coalesce(len(one), 0))`;
    return `count(*) FILTER (WHERE len(${sql}) > 0 AND (list_min(${lengths}) = 0 OR list_min(${lengths}) <> list_max(${lengths})))`;
  });
  const [counts = []] = await readAllRows(connection, `SELECT ${expressions.join(', ')} FROM ${from}`);
  return new Map(nested.map(({ name }, i) => [name, Number(counts[i])]));
}

function isListOfScalarLists(type: DuckDBType): boolean {
  const inner = itemsOf(type);
  const scalar = inner === null ? null : itemsOf(inner);
  return scalar !== null && itemsOf(scalar) === null;
}

function itemsOf(type: DuckDBType): DuckDBType | null {
  return type instanceof DuckDBListType || type instanceof DuckDBArrayType ? type.valueType : null;
}
