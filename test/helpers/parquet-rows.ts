import { inDuckDb } from './duckdb.ts';

/** What the rows are made of: `scalars` of many types, or `lists` that become arrays and a vector. */
export type ParquetForm = 'scalars' | 'lists';

export interface ParquetFooter {
  readonly rows: number;
  readonly rowGroups: number;
}

/** Without any randomness: the same rows each time. About 150 bytes a row in the target. */
const selects: Readonly<Record<ParquetForm, string>> = {
  scalars: `n AS id, CAST(n % 1000 AS INTEGER) AS device, CAST(hash(n) % 20000 AS SMALLINT) AS small, hash(n) / 1e12 AS ratio,
    CAST(CAST(hash(n, 1) % 100000000000 AS BIGINT) / 100.0 AS DECIMAL(12, 2)) AS amount, n % 3 = 0 AS active,
    TIMESTAMP '2020-01-01' + to_microseconds(n * 1000003) AS at, TIMESTAMPTZ '2020-01-01 00:00:00+00' + to_seconds(n) AS seen,
    DATE '2000-01-01' + CAST(n % 9000 AS INTEGER) AS day, 'item ' || n AS name,
    CASE WHEN n % 10 > 0 THEN 'noté ' || repeat('ab 🚀 ', CAST(hash(n, 2) % 8 AS INTEGER)) || n END AS note`,
  lists: `n AS id, [n, n + 1, n % 7] AS numbers, list_transform(range(32), lambda i: CAST(sin(n + i) AS FLOAT)) AS embedding,
    CASE WHEN n % 5 > 0 THEN ['tag ' || n % 100, 'b'] END AS tags`,
};

/** Writes a Parquet file of `rows` rows with DuckDB and tells what its footer says. */
export function writeParquetRows(path: string, form: ParquetForm, rows: number, rowGroup = 122_880): Promise<ParquetFooter> {
  return inDuckDb(
    null,
    async (connection) => {
      await connection.run(
        `COPY (SELECT ${selects[form]} FROM range(${rows}) r(n)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE ${rowGroup})`,
      );
      const [row] = await (await connection.run(`SELECT num_rows, num_row_groups FROM parquet_file_metadata('${path}')`)).getRows();
      return { rows: Number(row?.[0]), rowGroups: Number(row?.[1]) };
    },
    { memory_limit: '1GB', threads: '1' },
  );
}
