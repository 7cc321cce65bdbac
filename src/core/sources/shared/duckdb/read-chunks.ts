import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBType } from '@duckdb/node-api';
import type { BatchColumns } from '../../../model/row-batch.ts';
import type { SourceValue } from '../../../model/source-value.ts';
import type { ValueVector } from '../../../model/value-vector.ts';
import { throwIfCancelled } from '../throw-if-cancelled.ts';
import { sizeOf } from '../value-size.ts';
import { numberColumn, type NumberColumn } from './number-column.ts';
import { valueReader, type ValueReader } from './value-reader.ts';

/** Some rows of a chunk, column by column. */
export interface ColumnsOfChunk extends BatchColumns {
  /** About how many bytes the values take, those of the last `keys` columns not counted. */
  readonly bytes: number;
}

/**
 * Streams the rows of a SELECT in batches of about `batchBytes`, at most a chunk of DuckDB's. Of the result no more than DuckDB's own small buffer is
 * ahead of the reader, and texts, bytes and nested values become JavaScript's one row at a time. Throws `cancelled`, and whatever DuckDB throws.
 */
export async function* readChunks(
  connection: DuckDBConnection,
  sql: string,
  options: { readonly batchBytes: number; readonly keys: number; readonly signal: AbortSignal },
): AsyncGenerator<ColumnsOfChunk, void, undefined> {
  const { batchBytes, keys, signal } = options;
  throwIfCancelled(signal);
  const result = await connection.stream(sql);
  const readers = result
    .columnTypes()
    .map((type, c, { length }) => ({ isKey: c >= length - keys, numbers: numberColumn(type), read: valueReader(type) }));
  for (;;) {
    throwIfCancelled(signal);
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    for (let from = 0; from < chunk.rowCount;) {
      const columns = readSlice(chunk, readers, from, batchBytes);
      from += columns.size;
      yield columns;
      // An abort is heard only when the event loop gets a turn.
      await setImmediate();
      throwIfCancelled(signal);
    }
  }
}

interface ColumnReader {
  /** A column that the caller added. */
  readonly isKey: boolean;
  /** null: values are read one by one, and measured. */
  readonly numbers: NumberColumn | null;
  readonly read: ValueReader;
}

/** Rows from `from` on until their values are about `batchBytes`; at least one. */
function readSlice(chunk: DuckDBDataChunk, readers: readonly ColumnReader[], from: number, batchBytes: number): ColumnsOfChunk {
  const measured = readers.flatMap(({ isKey, numbers, read }, c) =>
    numbers === null ? [{ c, isKey, read, vector: chunk.getColumnVector(c), values: [] as SourceValue[] }] : [],
  );
  const bytesOfNumbers = numberBytes * readers.filter(({ isKey, numbers }) => !isKey && numbers !== null).length;
  const { rowCount } = chunk;
  let bytes = 0;
  let to = from;
  do {
    for (const { isKey, read, vector, values } of measured) {
      const value = vector.getItem(to);
      const one = value === null ? null : read(value);
      values.push(one);
      if (!isKey) bytes += sizeOf(one);
    }
    bytes += bytesOfNumbers;
    to++;
  } while (to < rowCount && bytes < batchBytes);
  const values = new Map(measured.map((column) => [column.c, column.values]));
  const vectors = readers.map(
    ({ numbers }, c) => numbers?.read(chunk.getColumnVector(c), from, to) ?? new ListedVector(values.get(c) ?? []),
  );
  return { size: to - from, vectors, bytes };
}

class ListedVector implements ValueVector {
  readonly #values: readonly SourceValue[];

  constructor(values: readonly SourceValue[]) {
    this.#values = values;
  }

  at(row: number): SourceValue {
    return this.#values[row] ?? null;
  }
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

const numberBytes = 8;

function readersOf(result: DuckDBResult): readonly ValueReader[] {
  return result.columnTypes().map(valueReader);
}
