import type { KeyRange, RowBatch } from '../../model/row-batch.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { Turns } from '../shared/turns.ts';
import { DocumentRows, rowsOf, type TableToRead } from './document-rows.ts';
import { DocumentStream } from './document-stream.ts';
import type { DocumentFiles } from './document-files.ts';

export interface BatchOptions extends KeyRange {
  readonly batchBytes: number;
  readonly signal: AbortSignal;
}

export const mostRows = 1_000;

/** Rows of a table in the order of its files. Between two batches the event loop gets a turn, so that a cancellation is heard. */
export async function* readBatches(
  files: DocumentFiles,
  table: TableToRead,
  options: BatchOptions,
): AsyncGenerator<RowBatch, void, undefined> {
  const stream = new DocumentStream(files, table.table.files, options, table.table.name);
  const turns = new Turns(options.signal);
  const rows = new DocumentRows(table);
  throwIfCancelled(options.signal);
  try {
    while (stream.next()) {
      for (const row of rowsOf(stream, table)) {
        rows.add(stream, row);
        if (rows.size < mostRows && rows.bytes < options.batchBytes) continue;
        yield rows.take();
        await turns.take();
      }
      if (turns.spend(stream.cost)) await turns.take();
    }
    if (rows.size > 0) yield rows.take();
  } finally {
    stream.close();
  }
}
