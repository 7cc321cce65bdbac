import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBResult, DuckDBType } from '@duckdb/node-api';
import type { SourceValue } from '../../../model/source-value.ts';
import { throwIfCancelled } from '../throw-if-cancelled.ts';
import { sizeOf } from '../value-size.ts';
import { valueReader, type ValueReader } from './value-reader.ts';

export interface RowsOfChunk {
  readonly rows: readonly (readonly SourceValue[])[];
  /** About how many bytes the values take, those of the last `keys` columns not counted. */
  readonly bytes: number;
}

/**
 * Streams the rows of a SELECT in batches of about `batchBytes`. Of the result no more than DuckDB's own small buffer is ahead of the reader, and
 * values become JavaScript's one row at a time. Throws `cancelled`, and whatever DuckDB throws.
 */
export async function* readChunks(
  connection: DuckDBConnection,
  sql: string,
  options: { readonly batchBytes: number; readonly keys: number; readonly signal: AbortSignal },
): AsyncGenerator<RowsOfChunk, void, undefined> {
  const { batchBytes, keys, signal } = options;
  throwIfCancelled(signal);
  const result = await connection.stream(sql);
  const readers = readersOf(result);
  let rows: SourceValue[][] = [];
  let bytes = 0;
  for (;;) {
    throwIfCancelled(signal);
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const vectors = readers.map((_, c) => chunk.getColumnVector(c));
    for (let r = 0; r < chunk.rowCount; r++) {
      const row: SourceValue[] = [];
      for (let c = 0; c < readers.length; c++) {
        const value = vectors[c]!.getItem(r);
        const read = value === null ? null : readers[c]!(value);
        row.push(read);
        if (c < readers.length - keys) bytes += sizeOf(read);
      }
      rows.push(row);
      if (bytes < batchBytes && rows.length < mostRows) continue;
      yield { rows, bytes };
      rows = [];
      bytes = 0;
      // An abort is heard only when the event loop gets a turn.
      await setImmediate();
      throwIfCancelled(signal);
    }
  }
  if (rows.length > 0) yield { rows, bytes };
}

/** All rows of a SELECT whose result is known to be small. */
export async function readAllRows(connection: DuckDBConnection, sql: string): Promise<readonly (readonly SourceValue[])[]> {
  const result = await connection.run(sql);
  const readers = readersOf(result);
  const columns = await result.getColumns();
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, r) =>
    readers.map((read, c) => {
      const value = columns[c]?.[r] ?? null;
      return value === null ? null : read(value);
    }),
  );
}

/** Names and types of what a SELECT gives. */
export async function columnsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly { readonly name: string; readonly type: DuckDBType }[]> {
  const result = await connection.run(`SELECT * FROM (${sql}) LIMIT 0`);
  return result.columnTypes().map((type, c) => ({ name: result.columnName(c), type }));
}

const mostRows = 2_048;

function readersOf(result: DuckDBResult): readonly ValueReader[] {
  return result.columnTypes().map(valueReader);
}
