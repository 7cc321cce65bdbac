import { join } from 'node:path';
import type { FileState } from './file-state.ts';
import type { PathPattern } from './path-pattern.ts';
import type { Framing, Place } from './place.ts';

/** What a file is: one document, one array whose elements are documents, several values one after the other, or one document a line. */
export type FileForm = 'document' | 'array' | 'values' | 'lines';

/** A file with documents. */
export interface JsonPart {
  /** Relative to the root, with slashes. */
  readonly name: string;
  /** Names of folders above the root, the nearest last: a plan may write them in front. */
  readonly above: readonly string[];
  /** What is told of it when it cannot be read. */
  readonly location: string;
  /** Of the text that is read. */
  readonly path: string;
  readonly size: number;
  readonly framing: Framing;
  readonly form: FileForm;
  readonly documents: number;
  /** Why the file could not be read when it was frozen: then it is one broken document. */
  readonly unread: string | null;
  /** Places of documents, about evenly spread, the first one's first. */
  readonly marks: readonly Place[];
  /** Parts of the path that the pattern names. */
  readonly segments: Readonly<Record<string, string>>;
}

/**
 * What is known of all files of a store, packed into memory that the threads of a run share: there may be hundreds of thousands of files. About a hundred
 * bytes for each, and its name.
 */
export interface PackedFiles {
  readonly count: number;
  /** UTF-8, one behind the other, in the order in which the files are read. */
  readonly names: Uint8Array;
  readonly nameEnds: Float64Array;
  /** In the order of their bytes. */
  readonly sorted: boolean;
  readonly sizes: Float64Array;
  readonly documents: Float64Array;
  /** For each file: its form, its framing, and the bytes in front of its first document. */
  readonly ways: Uint8Array;
  /** For each file the four numbers of its state. */
  readonly states: BigInt64Array;
  /** SHA-256 of each file. */
  readonly hashes: Uint8Array;
  /** Marks of files that have more than one. */
  readonly marks: ReadonlyMap<number, readonly Place[]>;
  /** Private copies that compressed files, and those in UTF-16, are read from. */
  readonly copies: ReadonlyMap<number, string>;
  /** Why files could not be read. */
  readonly unread: ReadonlyMap<number, string>;
}

export const forms: readonly FileForm[] = ['document', 'array', 'values', 'lines'];
export const framings: readonly Framing[] = ['lines', 'values'];
export const waysEach = 3;
export const statesEach = 4;
export const hashBytes = 32;

/** Where the files of a store are. */
export interface FilesRoot {
  readonly root: string;
  /** Of a store that is one file: what a person named, and the path of that. */
  readonly only: { readonly location: string; readonly path: string } | null;
  readonly pattern: PathPattern | null;
}

/** The files of a store in the order in which they are read; each is put together when it is asked for. */
export class DocumentFiles {
  readonly length: number;
  readonly above: readonly string[];
  readonly #packed: PackedFiles;
  readonly #names: Buffer;
  readonly #root: FilesRoot;

  constructor(packed: PackedFiles, root: FilesRoot) {
    this.length = packed.count;
    this.above = root.root.split(/[\\/]/).filter(Boolean);
    this.#packed = packed;
    this.#names = Buffer.from(packed.names.buffer, packed.names.byteOffset, packed.names.byteLength);
    this.#root = root;
  }

  /** Parts of paths that the pattern names, where any file has them. */
  get segmentNames(): readonly string[] {
    for (let number = 0; number < this.length; number++) {
      const names = Object.keys(this.segmentsAt(number));
      if (names.length > 0) return names;
    }
    return [];
  }

  at(number: number): JsonPart {
    const { sizes, documents } = this.#packed;
    const name = this.nameAt(number);
    const path = this.pathAt(number);
    return {
      name,
      above: this.above,
      location: this.#root.only?.location ?? path,
      path: this.#packed.copies.get(number) ?? path,
      size: sizes[number]!,
      framing: framings[this.#wayAt(number, 1)]!,
      form: this.formAt(number),
      documents: documents[number]!,
      unread: this.unreadAt(number),
      marks: this.marksAt(number),
      segments: this.segmentsAt(number),
    };
  }

  nameAt(number: number): string {
    const { nameEnds } = this.#packed;
    return this.#names.toString('utf8', number === 0 ? 0 : nameEnds[number - 1], nameEnds[number]);
  }

  pathAt(number: number): string {
    return this.#root.only?.path ?? join(this.#root.root, this.nameAt(number));
  }

  sizeAt(number: number): number {
    return this.#packed.sizes[number]!;
  }

  formAt(number: number): FileForm {
    return forms[this.#wayAt(number, 0)]!;
  }

  marksAt(number: number): readonly Place[] {
    return this.#packed.marks.get(number) ?? [{ at: this.#wayAt(number, 2), line: 1, document: 0, state: 'top' }];
  }

  unreadAt(number: number): string | null {
    return this.#packed.unread.get(number) ?? null;
  }

  segmentsAt(number: number): Readonly<Record<string, string>> {
    return this.#root.pattern?.match(this.nameAt(number), this.above) ?? {};
  }

  stateAt(number: number): FileState {
    const { states } = this.#packed;
    const at = number * statesEach;
    return [states[at]!, states[at + 1]!, states[at + 2]!, states[at + 3]!];
  }

  /** `sha256:` and the hash of the file's bytes. */
  fingerprintAt(number: number): string {
    const { hashes } = this.#packed;
    return `sha256:${Buffer.from(hashes.buffer, hashes.byteOffset + number * hashBytes, hashBytes).toString('hex')}`;
  }

  /** Number of the file of this name; -1 = there is none. */
  numberOf(name: string): number {
    if (!this.#packed.sorted) return this.#search(name);
    const wanted = Buffer.from(name);
    let [low, high] = [0, this.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = wanted.compare(this.#names, this.#start(middle), this.#packed.nameEnds[middle]);
      if (order === 0) return middle;
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return -1;
  }

  #search(name: string): number {
    for (let number = 0; number < this.length; number++) if (this.nameAt(number) === name) return number;
    return -1;
  }

  #start(number: number): number {
    return number === 0 ? 0 : this.#packed.nameEnds[number - 1]!;
  }

  #wayAt(number: number, which: number): number {
    return this.#packed.ways[number * waysEach + which]!;
  }
}
