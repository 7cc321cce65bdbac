import type { NamedFile } from '../shared/files/file-set.ts';
import { forms, framings, hashBytes, statesEach, waysEach, type FileForm, type PackedFiles } from './document-files.ts';
import type { FileState } from './file-state.ts';
import type { Framing, Place } from './place.ts';

/** What freezing finds out about a file. */
export interface FileFacts {
  readonly size: number;
  readonly documents: number;
  readonly form: FileForm;
  readonly framing: Framing;
  readonly marks: readonly Place[];
  /** Where its text is read from instead. */
  readonly copy?: string;
  /** Why the file cannot be read; absent = it can. */
  readonly unread?: string;
  readonly state: FileState;
  readonly hash: Uint8Array;
}

/** Packs the files of a store one after the other. */
export class FilePacker {
  readonly #packed: PackedFiles;
  readonly #marks = new Map<number, readonly Place[]>();
  readonly #copies = new Map<number, string>();
  readonly #unread = new Map<number, string>();

  constructor(files: readonly NamedFile[]) {
    const count = files.length;
    const nameEnds = new Float64Array(shared(count * 8));
    let end = 0;
    let sorted = true;
    for (const [number, { name }] of files.entries()) nameEnds[number] = end += Buffer.byteLength(name);
    const names = Buffer.from(shared(end));
    for (const [number, { name }] of files.entries()) {
      const from = number === 0 ? 0 : nameEnds[number - 1]!;
      names.write(name, from);
      const before = number < 2 ? 0 : nameEnds[number - 2]!;
      if (number > 0 && names.compare(names, before, from, from, nameEnds[number]) < 0) sorted = false;
    }
    this.#packed = {
      count,
      names: new Uint8Array(names.buffer, 0, end),
      nameEnds,
      sorted,
      sizes: new Float64Array(shared(count * 8)),
      documents: new Float64Array(shared(count * 8)),
      ways: new Uint8Array(shared(count * waysEach)),
      states: new BigInt64Array(shared(count * statesEach * 8)),
      hashes: new Uint8Array(shared(count * hashBytes)),
      marks: this.#marks,
      copies: this.#copies,
      unread: this.#unread,
    };
  }

  /** Facts of one file. */
  put(number: number, { size, documents, form, framing, marks, copy, unread, state, hash }: FileFacts): void {
    const packed = this.#packed;
    packed.sizes[number] = size;
    packed.documents[number] = documents;
    packed.ways.set([forms.indexOf(form), framings.indexOf(framing), marks[0]?.at ?? 0], number * waysEach);
    packed.states.set(state, number * statesEach);
    packed.hashes.set(hash, number * hashBytes);
    if (marks.length > 1) this.#marks.set(number, marks);
    if (copy !== undefined) this.#copies.set(number, copy);
    if (unread !== undefined) this.#unread.set(number, unread);
  }

  finish(): PackedFiles {
    return this.#packed;
  }
}

/** Memory that a message to another thread does not copy. */
function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(Math.max(1, bytes));
}
