import { closeSync, openSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import { UnreadableRecord, type SourceValue } from '../../model/source-value.ts';
import type { DelimitedPart, PartField } from './delimited-snapshot.ts';
import { FieldText } from './field-text.ts';
import { RecordReader, type Place } from './record-reader.ts';
import { recordFault } from './survey-records.ts';

/** Rows of one file, which is open from the beginning until `close`. */
export class PartReader {
  /** Of the values of the last row. */
  bytes = 0;
  readonly #descriptor: number;
  readonly #reader: RecordReader;
  readonly #text: FieldText;
  readonly #width: number;
  readonly #fields: readonly PartField[];

  /** `columns`: places in the table. Throws `source-changed` when the file is gone. */
  constructor(part: DelimitedPart, from: Place, columns: readonly number[]) {
    this.#descriptor = openPart(part);
    const file = { descriptor: this.#descriptor, size: part.size, location: part.location };
    this.#reader = new RecordReader(file, part.dialect, from, part.width === 1);
    this.#text = new FieldText(part.dialect);
    this.#width = part.width;
    this.#fields = columns.map((column) => part.fields[column] ?? null);
  }

  /** Of the last row: bytes in front of it, and its first line. */
  get start(): number {
    return this.#reader.start;
  }

  get line(): number {
    return this.#reader.line;
  }

  /** Behind the last row. */
  get next(): Place {
    return this.#reader.next;
  }

  /** Moves to the next row, which ends at `end` at the latest. */
  read(end: number): boolean {
    return this.#reader.next.at < end && this.#reader.read() && this.#reader.next.at <= end;
  }

  row(): readonly SourceValue[] {
    const { scanner, buffer } = this.#reader;
    const fault = recordFault(this.#reader, this.#width);
    if (fault !== null) {
      const record = new UnreadableRecord(Buffer.from(this.#reader.record()), `The record ${fault}`);
      this.bytes = record.bytes.length;
      return this.#fields.map(() => record);
    }
    const ascii = !scanner.high;
    this.bytes = 0;
    return this.#fields.map((field) => {
      const value =
        typeof field === 'number'
          ? this.#text.read(buffer, scanner.starts[field] ?? 0, scanner.ends[field] ?? 0, scanner.forms[field] ?? 0, ascii)
          : field;
      this.bytes += value === null ? 1 : typeof value === 'string' ? value.length : value.bytes.length;
      return value;
    });
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function openPart({ path, location }: DelimitedPart): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new MigrationError('source-changed', { context: { path: location }, cause });
    throw new MigrationError('source-read-failed', { context: { path: location, detail: (cause as Error).message }, cause });
  }
}
