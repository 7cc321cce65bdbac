import { qualifiedName, quoteIdentifier } from '../../sql/quote.ts';
import { quoteTable } from '../../sql/table-name.ts';
import { vectorFunction } from '../distance-sql.ts';
import { quoteSystemColumn, textArray } from '../key-sql.ts';
import type { VectorColumn } from '../vector-column.ts';

/** Characters of a label and of a value to colour by. */
const labelCharacters = 120;

/** Rows of the table and vectors by dimensions, most frequent first: columns `rows`, `dims` (null = no vector). */
export function surveyQuery(column: VectorColumn): string {
  const vector = quoteIdentifier(column.column);
  // Where the type says how many, no vector has to be looked at.
  const dims =
    column.dimensions > 0
      ? `CASE WHEN ${vector} IS NOT NULL THEN ${column.dimensions} END`
      : `${vectorFunction(column, 'vector_dims')}(${vector})`;
  return `SELECT count(*)::text AS rows, dims FROM (SELECT ${dims} AS dims FROM ${quoteTable(column)}) AS item
GROUP BY dims
ORDER BY count(*) DESC, dims`;
}

/** The smallest hashes of the keys, ascending: column `h`. A row is in the sample when its hash is among them. */
export function hashesQuery(column: VectorColumn, dimensions: number, seed: number, limit: number): string {
  return `SELECT h::text AS h FROM (SELECT ${hashSql(column, seed)} AS h FROM ${quoteTable(column)} WHERE ${fitting(column, dimensions)}) AS item
ORDER BY item.h
LIMIT ${limit}`;
}

export interface SampleColumns {
  readonly label: string | null;
  readonly colour: string | null;
}

/** A cursor over the rows of the sample: `h`, the key `k`, label `l`, colour `c` and the vector `v` as pgvector sends it. */
export function declareSample(column: VectorColumn, dimensions: number, seed: number, last: string, shown: SampleColumns): string {
  const text = (name: string | null): string => (name === null ? 'NULL::text' : `left(${quoteIdentifier(name)}::text, ${labelCharacters})`);
  const vector = `${quoteIdentifier(column.column)}::${qualifiedName(column.vectorSchema, 'vector')}`;
  const hash = hashSql(column, seed);
  return `DECLARE ${cursorName} NO SCROLL CURSOR FOR SELECT ${hash}::text AS h, ${keySql(column)} AS k, ${text(shown.label)} AS l, ${text(shown.colour)} AS c,
  ${vectorFunction(column, 'vector_send')}(${vector}) AS v
FROM ${quoteTable(column)}
WHERE ${fitting(column, dimensions)} AND ${hash} <= ('${last}'::text)::int8`;
}

export function fetchSample(count: number): string {
  return `FETCH FORWARD ${count} FROM ${cursorName}`;
}

const cursorName = 'sluice_map';

function fitting(column: VectorColumn, dimensions: number): string {
  const vector = quoteIdentifier(column.column);
  const size = column.dimensions > 0 ? '' : ` AND ${vectorFunction(column, 'vector_dims')}(${vector}) = ${dimensions}`;
  return `${vector} IS NOT NULL${size}`;
}

function keySql({ key }: VectorColumn): string {
  return textArray(key.map(({ name }) => quoteSystemColumn(name)));
}

/** Of the key alone, so that the sample does not depend on where rows are stored or on what else is in them. */
function hashSql(column: VectorColumn, seed: number): string {
  return `hashtextextended((${keySql(column)}) COLLATE "C", ${seed})`;
}
