import { setImmediate } from 'node:timers/promises';
import type { KeyRange, RowBatch } from '../../model/row-batch.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';
import type { WindowReader } from './window-reader.ts';

/**
 * The batches of a range, one window each. Between two batches the event loop gets a turn, because reading blocks the thread and a
 * cancellation could never be heard otherwise. Throws `cancelled`, `corrupt-store`, `source-locked` or `source-read-failed`.
 */
export async function* readBatches(
  reader: WindowReader,
  range: KeyRange,
  context: { readonly path: string; readonly table: string },
  signal: AbortSignal,
): AsyncGenerator<RowBatch, void, undefined> {
  let rest = range;
  for (;;) {
    throwIfCancelled(signal);
    const batch = namingErrors(context, () => reader.read(rest));
    if (batch.rows.length === 0) return;
    rest = { ...rest, after: batch.cursorAt(batch.rows.length - 1) };
    yield batch;
    await setImmediate();
  }
}
