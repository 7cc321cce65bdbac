import type { VectorMetric } from '../model/neighbours.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { VectorExpression } from '../sql/vector-expression.ts';
import type { SqlParameter } from '../target/target.ts';
import { candidateDistanceSql, distanceSql, vectorFunction } from './distance-sql.ts';
import { quoteSystemColumn, textArray } from './key-sql.ts';
import type { VectorColumn } from './vector-column.ts';

/** Characters of a value that are shown. */
const shownCharacters = 300;

export interface NeighbourQuerySettings {
  readonly metric: VectorMetric;
  /** The query as pgvector reads it. */
  readonly vector: string;
  readonly dimensions: number;
  /** The row whose neighbours are asked for; it is no neighbour of its own. */
  readonly without: readonly string[] | null;
  readonly filter: string | null;
  readonly k: number;
  /** Candidates that an index on an expression is asked for first; null = rows are ordered by the column itself. */
  readonly candidates: { readonly expression: VectorExpression; readonly metric: VectorMetric; readonly count: number } | null;
}

export interface SqlQuery {
  /** What runs. */
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/**
 * The k nearest rows as columns `v` (JSON array: each payload value's beginning), `n` (JSON array: characters of the whole value where it was cut,
 * else null), `k` (JSON array: the key) and `d` (what the operator gave, ascending; NULL and NaN last). `shown` is the search itself, as an application
 * would write it; the rest only keeps long values from travelling.
 */
export function neighbourQuery(column: VectorColumn, settings: NeighbourQuerySettings): SqlQuery & { readonly shown: string } {
  const names = column.payload.map((payload) => payload.name);
  const keys = column.key.map((part) => part.name);
  const all = [...names, ...keys.filter((key) => !names.includes(key))];
  const distance = distanceExpression(column, settings.metric);
  const shown = [
    `SELECT ${[...all.map(quoteSystemColumn), `${distance} AS distance`].join(', ')}`,
    ...(settings.candidates === null ? fromTable(column, settings) : fromCandidates(column, settings, settings.candidates, all)),
    `ORDER BY ${distance}`,
    `LIMIT ${settings.k}`,
  ].join('\n');
  const value = (name: string): string => `p.c${all.indexOf(name)}`;
  const sql = `SELECT ${cellArrays(names.map(value))}, ${textArray(keys.map(value))} AS k, p.d
FROM (
${shown}
) AS p (${[...all.map((_, i) => `c${i}`), 'd'].join(', ')})`;
  return { shown, sql, parameters: parametersOf(settings) };
}

function fromTable(column: VectorColumn, settings: NeighbourQuerySettings): string[] {
  return [`FROM ${quoteTable(column)}`, ...whereClause(conditionsOf(column, settings))];
}

/** The index orders by its expression; only what it finds is then ranked by the vectors. */
function fromCandidates(
  column: VectorColumn,
  settings: NeighbourQuerySettings,
  { expression, metric, count }: NonNullable<NeighbourQuerySettings['candidates']>,
  names: readonly string[],
): string[] {
  return [
    'FROM (',
    `  SELECT ${[...names.map(quoteSystemColumn), quoteIdentifier(column.column)].join(', ')}`,
    ...fromTable(column, settings).map((line) => `  ${line}`),
    `  ORDER BY ${candidateDistanceSql(column, expression, metric, vectorParameter(column))}`,
    `  LIMIT ${count}`,
    ') AS candidates',
  ];
}

/** Distances `d` of all rows that are nearer than `ordering`, ascending, at most `limit`. */
export function nearerQuery(column: VectorColumn, settings: NeighbourQuerySettings, ordering: number, limit: number): SqlQuery {
  const distance = distanceExpression(column, settings.metric);
  const parameters = [...parametersOf(settings), String(ordering)];
  const where = whereClause([...conditionsOf(column, settings), `${distance} < $${parameters.length}::float8`]);
  const sql = [`SELECT ${distance} AS d`, `FROM ${quoteTable(column)}`, ...where, 'ORDER BY 1', `LIMIT ${limit}`].join('\n');
  return { sql, parameters };
}

/** One row as columns `v`, `n` and `k` as above, and its vector `vector` as text or null. */
export function rowQuery(column: VectorColumn, key: readonly string[]): SqlQuery {
  const value = (name: string): string => `t.${quoteSystemColumn(name)}`;
  const names = column.payload.map((payload) => payload.name);
  const sql = `SELECT ${cellArrays(names.map(value))}, ${textArray(column.key.map((part) => value(part.name)))} AS k,
  ${value(column.column)}::text AS vector
FROM ${quoteTable(column)} AS t
WHERE ${keyCondition(column, 1)}`;
  return { sql, parameters: key };
}

/** Key of the first row with a vector: column `k`. */
export function firstKeyQuery(column: VectorColumn): string {
  const keys = column.key.map((part) => quoteSystemColumn(part.name));
  // Rows are read in the order of their places anyway; asking for it would sort the whole table.
  const order = column.key.some((part) => part.name === 'ctid') ? '' : `\nORDER BY ${keys.join(', ')}`;
  return `SELECT ${textArray(keys)} AS k
FROM ${quoteTable(column)}
WHERE ${quoteIdentifier(column.column)} IS NOT NULL${order}
LIMIT 1`;
}

/** `$1` is the vector. */
function distanceExpression(column: VectorColumn, metric: VectorMetric): string {
  return distanceSql(column, metric, quoteIdentifier(column.column), vectorParameter(column));
}

/** `$1` with its type. */
function vectorParameter(column: VectorColumn): string {
  return `$1::${column.vectorSchema === 'public' ? column.type : qualifiedName(column.vectorSchema, column.type)}`;
}

function parametersOf(settings: NeighbourQuerySettings): readonly SqlParameter[] {
  return [settings.vector, ...(settings.without ?? [])];
}

/** The filter stands on lines of its own, so that a comment in it ends with it. */
function conditionsOf(column: VectorColumn, settings: NeighbourQuerySettings): string[] {
  return [
    // An index often covers only rows with a vector, and is used only by a query that says so.
    ...(column.nullable ? [`${quoteIdentifier(column.column)} IS NOT NULL`] : []),
    ...(column.dimensions === 0
      ? [`${vectorFunction(column, 'vector_dims')}(${quoteIdentifier(column.column)}) = ${settings.dimensions}`]
      : []),
    ...(settings.without === null ? [] : [`NOT (${keyCondition(column, 2)})`]),
    ...(settings.filter === null ? [] : [`(\n${settings.filter}\n)`]),
  ];
}

function whereClause(conditions: readonly string[]): string[] {
  return conditions.map((condition, i) => `${i === 0 ? 'WHERE' : 'AND'} ${condition}`);
}

function keyCondition(column: VectorColumn, firstParameter: number): string {
  return column.key.map((part, i) => `${quoteSystemColumn(part.name)} = $${firstParameter + i}::${part.cast}`).join(' AND ');
}

/** Columns `v` and `n`, as above. */
export function cellArrays(values: readonly string[]): string {
  const texts = values.map((value) => `left(${value}::text, ${shownCharacters})`);
  const cuts = values.map((value) => `nullif(greatest(length(${value}::text), ${shownCharacters}), ${shownCharacters})`);
  return `array_to_json(ARRAY[${texts.join(', ')}]::text[])::text AS v, array_to_json(ARRAY[${cuts.join(', ')}]::int4[])::text AS n`;
}
