import type { BrokenDocument, RowBatch } from '../../model/row-batch.ts';
import { UnreadableRecord, type SourceValue } from '../../model/source-value.ts';
import { sizeOf } from '../shared/value-size.ts';
import type { ColumnReader } from './column-reader.ts';
import { writeCursor } from './document-cursor.ts';
import { placeOf } from './document-place.ts';
import type { DocumentStream } from './document-stream.ts';
import type { OpenTable } from './document-table.ts';
import { findRows, type FoundRow } from './find-rows.ts';
import type { JsonPart } from './document-files.ts';
import type { Place } from './place.ts';

/** A table with the columns that are read of it. */
export interface TableToRead {
  readonly table: OpenTable;
  readonly columns: readonly ColumnReader[];
}

/** A row of a document, or a document that is broken. */
export interface DocumentRow extends FoundRow {
  /** Of the document. */
  readonly number: number;
}

/** Rows of the stream's document that are in its range; of a broken document one that stands for it. */
export function rowsOf(stream: DocumentStream, { table }: TableToRead): readonly DocumentRow[] {
  const { fault, from, upTo } = stream;
  const found = fault === null ? findRows(stream.tape, table.stepsAt(stream.place)) : [brokenDocument];
  return found.slice(from, upTo === Infinity ? undefined : upTo).map((row, i) => ({ ...row, number: from + i }));
}

const brokenDocument: FoundRow = { node: -1, key: -1, position: -1, outer: null, pointer: '', wrong: null };

interface RowOrigin {
  readonly part: JsonPart;
  readonly partNumber: number;
  readonly place: Place;
  readonly row: DocumentRow;
  readonly brokenAt: number | null;
  readonly broken: BrokenDocument | null;
}

/** Bytes of a value in the way that are kept for people. */
const keptBytes = 1 << 16;

/** Rows of one table as they are gathered for a batch. */
export class DocumentRows {
  /** Of the values. */
  bytes = 0;
  readonly #columns: readonly ColumnReader[];
  #rows: (readonly SourceValue[])[] = [];
  #origins: RowOrigin[] = [];
  #anyBroken = false;

  constructor({ columns }: TableToRead) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Adds a row of the stream's document. */
  add(stream: DocumentStream, row: DocumentRow): void {
    const { fault, tape } = stream;
    if (fault !== null) return this.#addBroken(stream, row, `The document ${fault.reason} (byte ${fault.at})`, fault.bytes);
    if (row.wrong !== null) {
      const from = tape.nodes[row.node + 1]!;
      const bytes = Buffer.from(tape.bytes.subarray(from, Math.min(tape.nodes[row.node + 2]!, from + keptBytes)));
      return this.#addBroken(stream, row, `The document ${row.wrong}`, bytes);
    }
    const values: SourceValue[] = [];
    for (const read of this.#columns) {
      const value = read(tape, row, stream);
      this.bytes += value === null ? 1 : sizeOf(value);
      values.push(value);
    }
    this.#push(stream, row, values, null);
  }

  /** What was gathered, and nothing is left. */
  take(): RowBatch {
    const [rows, origins, bytes] = [this.#rows, this.#origins, this.bytes];
    const batch: RowBatch = {
      rows,
      cursorAt: (i) => {
        const { place, partNumber, row } = origins[i]!;
        return writeCursor({ ...place, part: partNumber, row: row.number + 1 });
      },
      provenanceAt: (i) => {
        const { part, place, row, brokenAt } = origins[i]!;
        return placeOf(part, place, row.pointer, brokenAt);
      },
      documentAt: (i) => {
        const { part, place, brokenAt } = origins[i]!;
        return placeOf(part, place, '', brokenAt);
      },
      bytes,
      ...(this.#anyBroken && { brokenAt: (i: number) => origins[i]?.broken ?? null }),
    };
    this.#rows = [];
    this.#origins = [];
    this.#anyBroken = false;
    this.bytes = 0;
    return batch;
  }

  #addBroken(stream: DocumentStream, row: DocumentRow, message: string, bytes: Buffer): void {
    const record = new UnreadableRecord(bytes, message);
    const values = this.#columns.map(() => record);
    this.bytes += bytes.length;
    this.#anyBroken = true;
    this.#push(stream, row, values, { code: 'unreadable-document', message });
  }

  #push(stream: DocumentStream, row: DocumentRow, values: readonly SourceValue[], broken: BrokenDocument | null): void {
    this.#rows.push(values);
    const brokenAt = stream.fault?.at ?? null;
    this.#origins.push({ part: stream.part, partNumber: stream.number, place: stream.place, row, brokenAt, broken });
  }
}
