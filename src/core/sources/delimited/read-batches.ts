import { setImmediate } from 'node:timers/promises';
import type { KeyRange, RowBatch } from '../../model/row-batch.ts';
import { UnreadableRecord, type SourceValue } from '../../model/source-value.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { readCursor, writeCursor } from './delimited-cursor.ts';
import type { DelimitedSnapshot } from './delimited-snapshot.ts';
import { FieldText } from './field-text.ts';
import { RecordReader, type OpenFile } from './record-reader.ts';
import { recordFault } from './survey-records.ts';

export interface BatchOptions extends KeyRange {
  /** Places of the columns in a record. */
  readonly fields: readonly number[];
  readonly batchBytes: number;
  /** What stands before the line in the place of a row. */
  readonly name: string;
  readonly signal: AbortSignal;
}

const mostRows = 1_000;
const mostCells = 64_000;

/** The rows of a range. Between two batches the event loop gets a turn, so that a cancellation is heard. */
export async function* readBatches(
  file: OpenFile,
  snapshot: DelimitedSnapshot,
  options: BatchOptions,
): AsyncGenerator<RowBatch, void, undefined> {
  const { dialect, columns, marks, table } = snapshot;
  const from = options.after === undefined ? marks[0]! : readCursor(options.after, table);
  const end = options.upTo === undefined ? Infinity : readCursor(options.upTo, table).at;
  const reader = new RecordReader(file, dialect, from, columns.length === 1);
  const rows = new RowReader(reader, new FieldText(dialect), columns.length, options);
  for (;;) {
    throwIfCancelled(options.signal);
    const batch = rows.readBatch(end);
    if (batch.rows.length === 0) return;
    yield batch;
    await setImmediate();
  }
}

class RowReader {
  readonly #reader: RecordReader;
  readonly #text: FieldText;
  readonly #width: number;
  readonly #options: BatchOptions;
  readonly #most: number;
  /** Bytes of the values read since the last batch. */
  #bytes = 0;

  constructor(reader: RecordReader, text: FieldText, width: number, options: BatchOptions) {
    this.#reader = reader;
    this.#text = text;
    this.#width = width;
    this.#options = options;
    this.#most = Math.max(1, Math.min(mostRows, Math.floor(mostCells / Math.max(1, options.fields.length))));
  }

  /** Rows that end at `end` at the latest. */
  readBatch(end: number): RowBatch {
    const rows: (readonly SourceValue[])[] = [];
    const starts: number[] = [];
    const lines: number[] = [];
    const ends: number[] = [];
    const nextLines: number[] = [];
    this.#bytes = 0;
    const reader = this.#reader;
    while (rows.length < this.#most && this.#bytes < this.#options.batchBytes && reader.next.at < end && reader.read()) {
      const { at, line } = reader.next;
      if (at > end) break;
      rows.push(this.#row());
      starts.push(reader.start);
      lines.push(reader.line);
      ends.push(at);
      nextLines.push(line);
    }
    return {
      rows,
      cursorAt: (row) => writeCursor({ at: ends[row] ?? 0, line: nextLines[row] ?? 0 }),
      provenanceAt: (row) => `${this.#options.name} line ${lines[row]}, byte ${starts[row]}`,
      bytes: this.#bytes,
    };
  }

  #row(): readonly SourceValue[] {
    const { scanner, buffer } = this.#reader;
    const fault = recordFault(this.#reader, this.#width);
    if (fault !== null) {
      const record = new UnreadableRecord(Buffer.from(this.#reader.record()), `The record ${fault}`);
      this.#bytes += record.bytes.length;
      return this.#options.fields.map(() => record);
    }
    const ascii = !scanner.high;
    return this.#options.fields.map((i) => {
      const value = this.#text.read(buffer, scanner.starts[i] ?? 0, scanner.ends[i] ?? 0, scanner.forms[i] ?? 0, ascii);
      this.#bytes += value === null ? 1 : typeof value === 'string' ? value.length : value.bytes.length;
      return value;
    });
  }
}
