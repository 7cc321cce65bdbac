import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import { vectorFunction } from './distance-sql.ts';
import type { HealthColumn } from './health-column.ts';
import { quoteSystemColumn, textArray } from './key-sql.ts';

/** Norms from which a vector counts as of length 1: float32 and half precision round. */
const unitTolerance = 1e-3;
const exampleRows = 5;

/** Conditions on the rows of `measuredSql`. */
export const rowConditions = {
  zero: 'NOT endless AND norm = 0',
  endless: 'endless',
  missing: 'dims IS NULL',
  otherNorm: `NOT endless AND norm <> 0 AND abs(norm - 1) > ${unitTolerance}`,
} as const;

/**
 * One scan: a row for the whole column (`whole` 1) and one for each of the 20 most frequent numbers of dimensions, most rows first. Columns `dims`, `rows`,
 * `vectors`, `zero`, `endless`, `unit`, `least`, `median`, `mean` and `most` (norms that are finite).
 */
export function surveyQuery(column: HealthColumn): string {
  const finite = 'FILTER (WHERE NOT endless)';
  return `SELECT grouping(dims) AS whole, dims, count(*) AS rows, count(dims) AS vectors, count(*) FILTER (WHERE ${rowConditions.zero}) AS zero,
  count(*) FILTER (WHERE endless) AS endless, count(*) FILTER (WHERE NOT endless AND abs(norm - 1) <= ${unitTolerance}) AS unit,
  min(norm) ${finite} AS least, percentile_cont(0.5) WITHIN GROUP (ORDER BY norm) ${finite} AS median,
  avg(norm) ${finite} AS mean, max(norm) ${finite} AS most
FROM ${measuredSql(column)}
GROUP BY GROUPING SETS ((), (dims))
HAVING grouping(dims) = 1 OR dims IS NOT NULL
ORDER BY 1 DESC, rows DESC, dims
LIMIT 21`;
}

/** Bins of `histogramQuery`. */
export const histogramBins = 20;

/** Columns `bin` (from 1; one more than there are for the norm $2 itself) and `rows`. $1: least norm, $2: most. */
export function histogramQuery(column: HealthColumn): string {
  return `SELECT width_bucket(norm, $1::float8, $2::float8, ${histogramBins}) AS bin, count(*) AS rows
FROM ${measuredSql(column)}
WHERE NOT endless AND dims IS NOT NULL
GROUP BY 1`;
}

/** Keys `k` (JSON array) of the first rows that meet a condition on `measuredSql`. */
export function examplesQuery(column: HealthColumn, condition: string): string {
  return `SELECT ${textArray(column.key.map((_, i) => `k${i}`))} AS k FROM ${measuredSql(column)}
WHERE ${condition}
ORDER BY ${column.key.map((_, i) => `k${i}`).join(', ')}
LIMIT ${exampleRows}`;
}

/**
 * The largest groups of rows with the same vector: `first` and `last` are keys (JSON arrays) of two of them; `groups` and `rows` count all groups.
 * Vectors are told apart by a digest of their bytes, so that what is sorted or hashed stays small.
 */
export function duplicateGroupsQuery(column: HealthColumn): string {
  const vector = quoteIdentifier(column.column);
  const bytes = column.form === 'array' ? `array_send(${vector})` : `${vectorFunction(column, `${column.form}_send`)}(${vector})`;
  const key = `(${textArray(column.key.map((part) => quoteSystemColumn(part.name)))}) COLLATE "C"`;
  return `SELECT count(*) OVER () AS groups, sum(same) OVER () AS rows, first, last
FROM (
  SELECT count(*) AS same, min(${key}) AS first, max(${key}) AS last
  FROM ${quoteTable(column)} WHERE ${vector} IS NOT NULL
  GROUP BY sha256(${bytes}) HAVING count(*) > 1
) AS alike
ORDER BY same DESC, first
LIMIT ${exampleRows}`;
}

/**
 * Vectors: one row, `varies`: a bit for each dimension, 1 where some row differs from the first that was found. Signs of differences say it without
 * taking the vectors apart. $1: dimensions.
 */
export function varyingBitsQuery(column: HealthColumn): string {
  const vector = quoteIdentifier(column.column);
  const type = qualifiedName(column.vectorSchema, 'vector');
  const minus = `OPERATOR(${quoteIdentifier(column.vectorSchema)}.-)`;
  const sign = vectorFunction(column, 'binary_quantize');
  const fitting = `${vector} IS NOT NULL AND ${vectorFunction(column, 'vector_dims')}(${vector}) = $1::int4`;
  return `SELECT bit_or(${sign}(item.w ${minus} one.w) | ${sign}(one.w ${minus} item.w))::text AS varies
FROM (SELECT ${vector}::${type} AS w FROM ${quoteTable(column)} WHERE ${fitting} LIMIT 1) AS one
CROSS JOIN (SELECT ${vector}::${type} AS w FROM ${quoteTable(column)} WHERE ${fitting}) AS item`;
}

/** Arrays: places `i` (from 1) that hold one value in all rows. $1: dimensions. */
export function constantPlacesQuery(column: HealthColumn): string {
  const vector = quoteIdentifier(column.column);
  return `SELECT part.i::int4 AS i
FROM ${quoteTable(column)} AS item CROSS JOIN LATERAL unnest(item.${vector}) WITH ORDINALITY AS part (x, i)
WHERE cardinality(item.${vector}) = $1::int4
GROUP BY part.i
HAVING count(part.x) IN (0, count(*)) AND min(part.x) IS NOT DISTINCT FROM max(part.x)
ORDER BY part.i`;
}

/** Each row's key (`k0`, …), `dims` (null = no vector), `norm` and `endless`: an element or the norm is not finite. */
function measuredSql(column: HealthColumn): string {
  const vector = `item.${quoteIdentifier(column.column)}`;
  const keys = column.key.map((part, i) => `item.${quoteSystemColumn(part.name)} AS k${i}`).join(', ');
  if (column.form !== 'array') {
    const norm = `${vectorFunction(column, column.form === 'vector' ? 'vector_norm' : 'l2_norm')}(${vector})`;
    return `(SELECT ${keys}, ${vectorFunction(column, 'vector_dims')}(${vector}) AS dims, own.norm, coalesce(own.norm >= 'Infinity', false) AS endless
  FROM ${quoteTable(column)} AS item CROSS JOIN LATERAL (SELECT ${norm} AS norm OFFSET 0) AS own) AS measured`;
  }
  // The square of a larger number is beyond float8; such a norm counts as endless.
  const square = `CASE WHEN abs(part.x::float8) > 1e150 THEN 'Infinity' ELSE part.x::float8 * part.x::float8 END`;
  return `(SELECT ${keys}, cardinality(${vector}) AS dims,
    CASE WHEN ${vector} IS NOT NULL THEN coalesce(own.norm, 0) END AS norm, coalesce(own.endless, false) AS endless
  FROM ${quoteTable(column)} AS item CROSS JOIN LATERAL (
    SELECT sqrt(sum(${square})) AS norm, bool_or(part.x IS NULL OR part.x = 'NaN' OR abs(part.x::float8) > 1e150) AS endless
    FROM unnest(${vector}) AS part (x)) AS own) AS measured`;
}
