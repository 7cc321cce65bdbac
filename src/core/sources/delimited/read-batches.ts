import { setImmediate } from 'node:timers/promises';
import type { KeyRange, RowBatch } from '../../model/row-batch.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { readCursor, writeCursor, type TablePlace } from './delimited-cursor.ts';
import type { DelimitedTable } from './delimited-snapshot.ts';
import { PartReader } from './part-reader.ts';

export interface BatchOptions extends KeyRange {
  /** Places of the columns in the table. */
  readonly columns: readonly number[];
  readonly batchBytes: number;
  readonly signal: AbortSignal;
}

const mostRows = 1_000;
const mostCells = 64_000;

/**
 * The rows of a range, through the files one after the other; one is open at a time. Between two batches the event loop gets a turn, so that a
 * cancellation is heard.
 */
export async function* readBatches(table: DelimitedTable, options: BatchOptions): AsyncGenerator<RowBatch, void, undefined> {
  const rows = new RowReader(table, options);
  try {
    for (;;) {
      throwIfCancelled(options.signal);
      const batch = rows.readBatch();
      if (batch.rows.length === 0) return;
      yield batch;
      await setImmediate();
    }
  } finally {
    rows.close();
  }
}

/** Where a row stands, and where the one behind it begins. */
interface RowPlace extends TablePlace {
  readonly start: number;
  readonly firstLine: number;
}

class RowReader {
  readonly #table: DelimitedTable;
  readonly #options: BatchOptions;
  readonly #most: number;
  readonly #upTo: TablePlace;
  #part: number;
  #reader: PartReader | null = null;
  #from: TablePlace | null;

  constructor(table: DelimitedTable, options: BatchOptions) {
    this.#table = table;
    this.#options = options;
    this.#most = Math.max(1, Math.min(mostRows, Math.floor(mostCells / Math.max(1, options.columns.length))));
    this.#from = options.after === undefined ? null : readCursor(options.after, table.name);
    this.#part = this.#from?.part ?? 0;
    this.#upTo = options.upTo === undefined ? { part: Infinity, at: Infinity, line: 0 } : readCursor(options.upTo, table.name);
  }

  /** Rows of the range that were not read yet; none at its end. */
  readBatch(): RowBatch {
    const rows: RowBatch['rows'][number][] = [];
    const places: RowPlace[] = [];
    let bytes = 0;
    while (rows.length < this.#most && bytes < this.#options.batchBytes) {
      const reader = this.#next();
      if (reader === null) break;
      const row = reader.row();
      bytes += reader.bytes;
      rows.push(row);
      places.push({ part: this.#part, start: reader.start, firstLine: reader.line, ...reader.next });
    }
    return {
      rows,
      cursorAt: (row) => writeCursor(places[row] ?? { part: 0, at: 0, line: 0 }),
      provenanceAt: (row) => {
        const { part = 0, firstLine, start } = places[row] ?? {};
        return `${this.#table.parts[part]?.name} line ${firstLine}, byte ${start}`;
      },
      bytes,
    };
  }

  close(): void {
    this.#reader?.close();
    this.#reader = null;
  }

  /** The reader that has just moved to the next row of the range. */
  #next(): PartReader | null {
    for (;;) {
      const part = this.#table.parts[this.#part];
      if (part === undefined || this.#part > this.#upTo.part) return null;
      const end = this.#part < this.#upTo.part ? Infinity : this.#upTo.at;
      this.#reader ??= new PartReader(part, this.#from ?? part.marks[0]!, this.#options.columns);
      if (this.#reader.read(end)) return this.#reader;
      this.close();
      this.#from = null;
      this.#part++;
    }
  }
}
