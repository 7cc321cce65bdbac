import type { VectorMetric } from '../model/neighbours.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { candidatesOf } from './candidates.ts';
import { candidateDistanceSql, distanceSql, similaritySql, vectorFunction } from './distance-sql.ts';
import { quoteSystemColumn, textArray } from './key-sql.ts';
import { cellArrays } from './neighbour-query.ts';
import type { VectorColumn } from './vector-column.ts';

/** Rows with a vector, numbered in the order of their keys, with their vectors; lives as long as the transaction. */
export const numberedTable = 'pg_temp.sluice_vector';
/** Pairs of such numbers, the smaller first, with their similarity. */
export const pairTable = 'pg_temp.sluice_pair';

/** A row must fit into a page (8 kB) with its key when its vector is not stored beside the table. */
const inlineBytes = 7_500;
const elementBytes = { vector: 4, halfvec: 2 } as const;

/** How many rows one row is compared with through an index, and how many near ones say that there may be more. */
export interface NearSettings {
  readonly metric: VectorMetric;
  readonly candidates: ReturnType<typeof candidatesOf>;
  /** Rows that are asked of the index. */
  readonly limit: number;
  /** With so many near rows among them the index is asked for more. */
  readonly full: number;
}

/** Statements that number the rows; the table itself is read by the last INSERT only, once. */
export function numberRowsStatements(column: VectorColumn): readonly string[] {
  const vector = quoteIdentifier(column.column);
  const keys = column.key.map((part) => quoteSystemColumn(part.name));
  const rows = `SELECT row_number() OVER (ORDER BY ${keys.join(', ')})::int4 AS n, ${keys.map((key, i) => `${key} AS k${i}`).join(', ')},
  ${vectorFunction(column, 'vector_dims')}(${vector}) AS dims, ${vector} AS v
FROM ${quoteTable(column)}
WHERE ${vector} IS NOT NULL`;
  // Each vector is read as often as it is compared; beside the table that costs more than the comparison.
  const inline = column.dimensions > 0 && column.dimensions * elementBytes[column.type] <= inlineBytes;
  return [
    `CREATE TEMPORARY TABLE sluice_vector ON COMMIT DROP AS ${rows} WITH NO DATA`,
    ...(inline ? [`ALTER TABLE ${numberedTable} ALTER COLUMN v SET STORAGE PLAIN`] : []),
    `CREATE TEMPORARY TABLE sluice_pair (a int4, b int4, similarity float8 NOT NULL, PRIMARY KEY (a, b)) ON COMMIT DROP`,
    `INSERT INTO ${numberedTable} ${rows}`,
    `CREATE UNIQUE INDEX ON ${numberedTable} (n)`,
    `CREATE UNIQUE INDEX ON ${numberedTable} (${keys.map((_, i) => `k${i}`).join(', ')})`,
    `ANALYZE ${numberedTable}`,
  ];
}

/** Columns `rows` and `zero`, the vectors without a direction. */
export function countNumberedQuery(column: VectorColumn): string {
  const norm = `${vectorFunction(column, column.type === 'vector' ? 'vector_norm' : 'l2_norm')}(v)`;
  return `SELECT count(*)::int4 AS rows, count(*) FILTER (WHERE ${norm} = 0)::int4 AS zero FROM ${numberedTable}`;
}

/** Compares rows $1 to before $2 with every row behind them. $3: threshold. */
export function compareBehindStatement(column: VectorColumn, metric: VectorMetric): string {
  return `INSERT INTO ${pairTable}
SELECT near.a, near.b, near.s
FROM (
  SELECT probe.n AS a, other.n AS b, ${comparedSql(column, metric)} AS s
  FROM ${numberedTable} AS probe JOIN ${numberedTable} AS other ON other.n > probe.n
  WHERE probe.n >= $1::int4 AND probe.n < $2::int4
) AS near
WHERE ${isNear('near.s', '$3')}`;
}

/** Compares the rows numbered $1 (an array) with every other. $2: threshold. */
export function compareWithAllStatement(column: VectorColumn, metric: VectorMetric): string {
  return `INSERT INTO ${pairTable}
SELECT least(near.a, near.b), greatest(near.a, near.b), near.s
FROM (
  SELECT probe.n AS a, other.n AS b, ${comparedSql(column, metric)} AS s
  FROM ${numberedTable} AS probe JOIN ${numberedTable} AS other ON other.n <> probe.n
  WHERE probe.n = ANY($1::int4[])
) AS near
WHERE ${isNear('near.s', '$2')}
ON CONFLICT DO NOTHING`;
}

/**
 * Asks the index for the rows near to those numbered $1 (an array). $2: threshold. Pairs of a row that may have more near ones are not taken; such rows
 * come back as column `n`.
 */
export function nearStatement(column: VectorColumn, settings: NearSettings): string {
  const keys = column.key.map((part) => `item.${quoteSystemColumn(part.name)}`);
  const own = `item.${quoteIdentifier(column.column)}`;
  const { metric, candidates } = settings;
  const order =
    candidates === null
      ? distanceSql(column, metric, own, 'probe.v')
      : candidateDistanceSql(column, candidates.expression, candidates.metric, 'probe.v');
  return `WITH near AS MATERIALIZED (
  SELECT probe.n AS a, own.n AS b, found.s, count(*) OVER (PARTITION BY probe.n) AS among
  FROM ${numberedTable} AS probe
  CROSS JOIN LATERAL (
    SELECT ${keys.map((_, i) => `listed.k${i}`).join(', ')}, ${similaritySql(column, metric, 'listed.v', 'probe.v')} AS s
    FROM (
      SELECT ${keys.map((key, i) => `${key} AS k${i}`).join(', ')}, ${own} AS v
      FROM ${quoteTable(column)} AS item
      WHERE ${own} IS NOT NULL
      ORDER BY ${order}
      LIMIT ${settings.limit}
    ) AS listed
  ) AS found
  JOIN ${numberedTable} AS own ON ${keys.map((_, i) => `own.k${i} = found.k${i}`).join(' AND ')}
  WHERE probe.n = ANY($1::int4[]) AND ${isNear('found.s', '$2')}
), kept AS (
  INSERT INTO ${pairTable}
  SELECT least(a, b), greatest(a, b), s FROM near WHERE a <> b AND among < ${settings.full}
  ON CONFLICT DO NOTHING
)
SELECT DISTINCT a AS n FROM near WHERE among >= ${settings.full} ORDER BY 1`;
}

/** Pairs as columns `a` and `b` (JSON arrays: the keys) and `similarity`, the most similar first; at most $1. */
export function pairsQuery(column: VectorColumn): string {
  const key = (side: string): string => textArray(column.key.map((_, i) => `${side}.k${i}`));
  return `SELECT ${key('first')} AS a, ${key('second')} AS b, pair.similarity
FROM (SELECT * FROM ${pairTable} ORDER BY similarity DESC, a, b LIMIT $1::int8) AS pair
JOIN ${numberedTable} AS first ON first.n = pair.a
JOIN ${numberedTable} AS second ON second.n = pair.b
ORDER BY pair.similarity DESC, pair.a, pair.b`;
}

/** Rows of those pairs, each once, in the order of their keys: columns `v`, `n` and `k` as read-cells.ts reads them. */
export function pairedRowsQuery(column: VectorColumn): string {
  const value = (name: string): string => `item.${quoteSystemColumn(name)}`;
  const keys = column.key.map(({ name }) => value(name));
  return `WITH shown AS (SELECT a, b FROM ${pairTable} ORDER BY similarity DESC, a, b LIMIT $1::int8)
SELECT ${cellArrays(column.payload.map(({ name }) => value(name)))}, ${textArray(keys)} AS k
FROM (SELECT a AS n FROM shown UNION SELECT b FROM shown) AS wanted
JOIN ${numberedTable} AS own ON own.n = wanted.n
JOIN ${quoteTable(column)} AS item ON ${keys.map((key, i) => `${key} = own.k${i}`).join(' AND ')}
ORDER BY own.n`;
}

/** NaN is more than every number in PostgreSQL, and near to nothing. */
function isNear(similarity: string, threshold: string): string {
  return `${similarity} >= ${threshold}::float8 AND ${similarity} < 'NaN'`;
}

/** Vectors of other dimensions are not near; the operator would refuse them, and only CASE says what comes first. */
function comparedSql(column: VectorColumn, metric: VectorMetric): string {
  const similarity = similaritySql(column, metric, 'probe.v', 'other.v');
  return column.dimensions > 0 ? similarity : `CASE WHEN probe.dims = other.dims THEN ${similarity} END`;
}
