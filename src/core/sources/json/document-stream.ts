import { closeSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import type { KeyRange } from '../../model/row-batch.ts';
import { fileCost } from '../shared/turns.ts';
import { readCursor, type RowPlace } from './document-cursor.ts';
import { DocumentReader, type DocumentFault } from './document-reader.ts';
import type { DocumentFiles, JsonPart } from './document-files.ts';
import { DocumentParser } from './document-parser.ts';
import type { FileNumbers } from './file-numbers.ts';
import type { Place } from './place.ts';
import type { Tape } from './tape.ts';
import { openAgain, UnreadDocuments } from './unread-file.ts';

type Documents = Pick<DocumentReader, 'place' | 'tape' | 'fault' | 'end' | 'read'>;

/** The documents of a range, through the files one after the other; one is open at a time. */
export class DocumentStream {
  /** Number of the file that the last document is in. */
  number: number;
  /** Rows of the last document that are in front of the range, and rows up to its end. */
  from = 0;
  upTo = Infinity;
  readonly #files: DocumentFiles;
  readonly #wanted: FileNumbers;
  readonly #parser = new DocumentParser();
  readonly #end: RowPlace | null;
  #start: RowPlace | null;
  #descriptor = -1;
  #reader: Documents | null = null;
  #part: JsonPart | null = null;
  #opened = false;

  /** `wanted`: numbers of the files to read. Throws `invalid-cursor`. */
  constructor(files: DocumentFiles, wanted: FileNumbers, range: KeyRange, table?: string) {
    this.#files = files;
    this.#wanted = wanted;
    this.#start = range.after === undefined ? null : readCursor(range.after, table);
    this.#end = range.upTo === undefined ? null : readCursor(range.upTo, table);
    this.number = this.#start?.part ?? 0;
  }

  get part(): JsonPart {
    return (this.#part ??= this.#files.at(this.number));
  }

  get place(): Place {
    return this.#reader!.place;
  }

  get tape(): Tape {
    return this.#reader!.tape;
  }

  get fault(): DocumentFault | null {
    return this.#reader!.fault;
  }

  /** What the last document cost, in bytes: its own, and something for opening its file. */
  get cost(): number {
    return this.#reader!.end - this.#reader!.place.at + (this.#opened ? fileCost : 0);
  }

  /** Moves to the next document of the range. Throws `source-changed` or `source-read-failed`. */
  next(): boolean {
    for (;;) {
      if (this.number >= this.#files.length || (this.#end !== null && this.number > this.#end.part)) return false;
      if (this.#wanted.has(this.number) && this.#inPart(this.part)) return true;
      this.close();
      this.#start = null;
      this.number++;
    }
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
    this.#reader = null;
    this.#part = null;
  }

  #inPart(part: JsonPart): boolean {
    const start = this.#start;
    this.#opened = this.#reader === null;
    this.#reader ??= this.#open(part, start ?? part.marks[0]!);
    const reader = this.#reader;
    const end = this.#end !== null && this.#end.part === this.number ? this.#end : null;
    do if (!reader.read()) return false;
    while (start !== null && start.row === Infinity && reader.place.at === start.at);
    this.from = start !== null && reader.place.at === start.at ? start.row : 0;
    if (end === null) {
      this.upTo = Infinity;
      return true;
    }
    this.upTo = reader.place.at < end.at ? Infinity : reader.place.at === end.at ? end.row : 0;
    return this.upTo > 0;
  }

  #open({ path, size, location, framing, unread }: JsonPart, from: Place): Documents {
    if (unread !== null) return new UnreadDocuments(unread);
    try {
      this.#descriptor = openAgain(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
        throw new MigrationError('source-changed', { context: { path: location }, cause });
      throw new MigrationError('source-read-failed', { context: { path: location, detail: (cause as Error).message }, cause });
    }
    return new DocumentReader({ descriptor: this.#descriptor, size, location }, framing, from, { parser: this.#parser });
  }
}
