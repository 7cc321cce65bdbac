import { readSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import type { Dialect } from './dialect.ts';
import { RecordScanner } from './record-scanner.ts';

/** A place between two records. */
export interface Place {
  /** Bytes in front of it. */
  readonly at: number;
  /** Number of the line that begins there, from 1. */
  readonly line: number;
}

export interface OpenFile {
  readonly descriptor: number;
  readonly size: number;
  /** What the user named, for messages. */
  readonly location: string;
}

const firstBytes = 1 << 18;

/** A quote that is never closed must not take the whole file into memory; PostgreSQL takes no row of more than 512 MB. */
const mostRecordBytes = 2 ** 28;

/** Reads the records of a file from a place on, one at a time, in a buffer that is as large as the largest record. */
export class RecordReader {
  readonly scanner: RecordScanner;
  /** Holds the last record; places in `scanner` are places in here. */
  buffer: Buffer = Buffer.alloc(0);
  /** Of the last record: bytes in front of it, and its first line. */
  start = 0;
  line = 0;
  /** Empty lines and comments in front of the last record, since `skipped` was set to 0. */
  skipped = 0;
  readonly #file: OpenFile;
  readonly #emptyIsRecord: boolean;
  #store: Buffer;
  /** Of buffer[0] in the file. */
  #base: number;
  #at = 0;
  #nextLine: number;

  /** `emptyIsRecord`: in a file of one column an empty line is an empty field, else it is nothing. */
  constructor(file: OpenFile, dialect: Dialect, from: Place, emptyIsRecord: boolean) {
    this.#file = file;
    this.scanner = new RecordScanner(dialect);
    this.#base = from.at;
    this.#nextLine = from.line;
    this.#emptyIsRecord = emptyIsRecord;
    // Of thousands of small files none needs a large buffer.
    this.#store = Buffer.allocUnsafe(Math.min(firstBytes, Math.max(1, file.size - from.at)));
  }

  /** Behind the last record. */
  get next(): Place {
    return { at: this.#base + this.#at, line: this.#nextLine };
  }

  /** Moves to the next record; false at the end of the file. Throws `unreadable-records` where a quote is never closed. */
  read(): boolean {
    for (;;) {
      if (!this.#here()) return false;
      const comment = this.scanner.isComment(this.buffer, this.#at);
      this.#scan(comment);
      const from = this.#at;
      this.start = this.#base + from;
      this.line = this.#nextLine;
      this.#at = this.scanner.end;
      this.#nextLine += this.scanner.lines;
      if (!comment && (this.#emptyIsRecord || !this.scanner.blank)) return true;
      this.skipped++;
    }
  }

  /** The last record's own bytes, without its line end; valid until the next is read. */
  record(): Buffer {
    return this.buffer.subarray(this.start - this.#base, this.scanner.contentEnd);
  }

  #scan(comment: boolean): void {
    const { scanner } = this;
    while (!(comment ? scanner.scanLine(this.buffer, this.#at, this.#last) : scanner.scan(this.buffer, this.#at, this.#last))) {
      if (this.buffer.length - this.#at >= mostRecordBytes) throw this.#unreadable(`has no end within ${mostRecordBytes / 2 ** 20} MB`);
      this.#fill();
    }
    if (scanner.fault === 'open-quote') throw this.#unreadable('opens a quote that is never closed');
  }

  /** There is a byte to read. */
  #here(): boolean {
    if (this.#at >= this.buffer.length && !this.#last) this.#fill();
    return this.#at < this.buffer.length;
  }

  get #last(): boolean {
    return this.#base + this.buffer.length >= this.#file.size;
  }

  /** Keeps what is not read yet and adds as much again. */
  #fill(): void {
    const kept = this.buffer.subarray(this.#at);
    if (kept.length > this.#store.length / 2) {
      const larger = Buffer.allocUnsafe(this.#store.length * 2);
      larger.set(kept);
      this.#store = larger;
    } else this.#store.set(kept);
    this.#base += this.#at;
    this.#at = 0;
    let end = kept.length;
    const most = Math.min(this.#store.length, this.#file.size - this.#base);
    while (end < most) {
      const read = readSync(this.#file.descriptor, this.#store, end, most - end, this.#base + end);
      if (read === 0) throw new MigrationError('source-changed', { context: { path: this.#file.location } });
      end += read;
    }
    this.buffer = this.#store.subarray(0, end);
  }

  #unreadable(what: string): MigrationError {
    const context = { path: this.#file.location, line: this.#nextLine, detail: `the record that begins in line ${this.#nextLine} ${what}` };
    return new MigrationError('unreadable-records', { context });
  }
}
