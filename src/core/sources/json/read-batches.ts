import { setImmediate } from 'node:timers/promises';
import type { KeyRange, RowBatch } from '../../model/row-batch.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { DocumentRows, rowsOf, type TableToRead } from './document-rows.ts';
import { DocumentStream } from './document-stream.ts';
import type { JsonPart } from './json-snapshot.ts';

export interface BatchOptions extends KeyRange {
  readonly batchBytes: number;
  readonly signal: AbortSignal;
}

export const mostRows = 1_000;
/** Bytes of documents without a row after which the event loop gets a turn. */
export const bytesAtOnce = 2 ** 22;

/** Rows of a table in the order of its files. Between two batches the event loop gets a turn, so that a cancellation is heard. */
export async function* readBatches(
  parts: readonly JsonPart[],
  table: TableToRead,
  options: BatchOptions,
): AsyncGenerator<RowBatch, void, undefined> {
  const stream = new DocumentStream(parts, table.table.files, options, table.table.name);
  const turn = async (): Promise<void> => {
    await setImmediate();
    throwIfCancelled(options.signal);
  };
  const rows = new DocumentRows(table);
  let passed = 0;
  throwIfCancelled(options.signal);
  try {
    while (stream.next()) {
      for (const row of rowsOf(stream, table)) {
        rows.add(stream, row);
        if (rows.size < mostRows && rows.bytes < options.batchBytes) continue;
        yield rows.take();
        await turn();
        passed = 0;
      }
      passed += stream.bytes;
      if (passed < bytesAtOnce) continue;
      await turn();
      passed = 0;
    }
    if (rows.size > 0) yield rows.take();
  } finally {
    stream.close();
  }
}
