import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import { locationText, type StoreLocation } from '../../model/store-location.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { fileSetOf, type FileSet, type NamedFile } from '../shared/files/file-set.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { fileCost, Turns } from '../shared/turns.ts';
import type { FreezeOptions, SourceSettings } from '../source.ts';
import { DocumentFiles } from './document-files.ts';
import { DocumentParser } from './document-parser.ts';
import { FilePacker } from './file-packer.ts';
import { sameState, stateOf } from './file-state.ts';
import type { OpenFile } from './file-window.ts';
import { Collections } from './infer/collections.ts';
import { proposeTables } from './infer/propose-tables.ts';
import { jsonFiles } from './json-files.ts';
import type { JsonSnapshot } from './json-snapshot.ts';
import { parsePattern, proposePattern, type PathPattern } from './path-pattern.ts';
import { readWhole } from './read-whole.ts';
import { StoreHash } from './store-hash.ts';
import { studyFile, type FileStudy } from './study-file.ts';
import { passingCode, Patience, unreadStudy } from './unread-file.ts';

/**
 * Freezes one file of documents or several, which are read in place, after reading every document once. Throws `invalid-source-setting`, `unread-encoding`,
 * `source-changed`, `cancelled`, and what finding the files throws.
 */
export async function freezeFiles(location: StoreLocation, { signal, settings = {}, onFiles }: FreezeOptions): Promise<JsonSnapshot> {
  throwIfCancelled(signal);
  const text = locationText(location);
  const given = readPattern(settings, text);
  const onFound = (files: number): void => onFiles?.({ stage: 'finding', files, of: null, bytes: 0 });
  const set = await fileSetOf(location, jsonFiles, { signal, onFound });
  const pattern = given ?? (set.single ? null : proposePattern(set.files.map(({ name }) => name)));
  const freezing = new Freezing(set, text, signal, onFiles);
  for (const number of set.files.keys()) await freezing.freeze(number);
  return freezing.finish(pattern);
}

/** Files up to this size are read once, for their documents and their hash. */
const wholeBytes = 2 ** 20;

class Freezing {
  readonly #set: FileSet;
  readonly #location: string;
  readonly #signal: AbortSignal;
  readonly #onFiles: FreezeOptions['onFiles'];
  readonly #turns: Turns;
  readonly #packer: FilePacker;
  readonly #collections = new Collections();
  readonly #hash: StoreHash;
  readonly #parser = new DocumentParser();
  readonly #patience = new Patience();
  #space = Buffer.alloc(0);
  #read = 0;
  #bytes = 0;
  #largest = 0;

  constructor(set: FileSet, location: string, signal: AbortSignal, onFiles: FreezeOptions['onFiles']) {
    this.#set = set;
    this.#location = location;
    this.#signal = signal;
    this.#onFiles = onFiles;
    this.#turns = new Turns(signal);
    this.#packer = new FilePacker(set.files);
    this.#hash = new StoreHash(set);
  }

  /** A file that cannot be read is tried again, and then a broken document: the others go on. */
  async freeze(number: number): Promise<void> {
    try {
      await this.#patience.try(() => this.#freeze(number), this.#signal);
    } catch (error) {
      const code = passingCode(error);
      if (code === null) throw error;
      this.#putUnread(number, `cannot be read: ${(error as Error).message}`);
    }
    if (!this.#turns.spend(fileCost)) return;
    this.#tell(number + 1, 0);
    await this.#turns.take();
  }

  #putUnread(number: number, unread: string): void {
    const { name } = this.#set.files[number]!;
    const study = unreadStudy(name, unread);
    const hash = createHash('sha256').update(unread).digest();
    this.#collections.begin(name).end(study);
    this.#packer.put(number, { ...study, unread, size: 0, state: [0n, 0n, 0n, 0n], hash });
    this.#hash.add(name, hash);
  }

  /** What was studied is what is hashed. */
  async #freeze(number: number): Promise<void> {
    const file = this.#set.files[number]!;
    const { name, path } = file;
    const location = this.#set.single ? this.#location : path;
    const descriptor = openSync(path, 'r');
    try {
      const state = stateOf(descriptor);
      const size = Number(state[1]);
      const whole = size <= wholeBytes ? this.#readWhole(descriptor, size, location) : undefined;
      const study = await this.#study(file, { descriptor, size, location, ...(whole !== undefined && { whole }) });
      const hash = whole === undefined ? await hashOf(path, this.#signal) : createHash('sha256').update(whole).digest();
      if (!sameState(stateOf(path), state)) throw changed(location);
      this.#packer.put(number, { ...study, size, state, hash });
      this.#hash.add(name, hash);
      this.#bytes += size;
      this.#largest = Math.max(this.#largest, study.largest);
    } finally {
      closeSync(descriptor);
    }
  }

  finish(pattern: PathPattern | null): JsonSnapshot {
    const set = this.#set;
    const { location, single, root } = set;
    const [first] = set.files;
    const only = single && first !== undefined ? { location: this.#location, path: first.path } : null;
    const packed = this.#packer.finish();
    const files = new DocumentFiles(packed, { root, only, pattern });
    const tables = proposeTables({ set, pattern, files, collections: this.#collections.finish() });
    return {
      kind: 'json',
      location: this.#location,
      ...(typeof location !== 'string' && { paths: location }),
      ...(!single && { folder: { root, name: set.name } }),
      path: only?.path ?? root,
      fingerprint: this.#hash.digest(),
      temporary: false,
      capabilities: { sql: false, ranges: true, backup: true, groups: true },
      size: this.#bytes,
      measured: Object.fromEntries(tables.map(({ name }) => [name, { bytes: this.#bytes, largestRow: this.#largest }])),
      ...(pattern !== null && { settings: { pattern: pattern.text } }),
      set: { location, single, root },
      only,
      packed,
      pattern: pattern?.text ?? null,
      tables,
    };
  }

  #readWhole(descriptor: number, size: number, location: string): Buffer {
    if (this.#space.length < size) this.#space = Buffer.allocUnsafeSlow(Math.max(2 ** 16, size));
    return readWhole(descriptor, this.#space, size, location);
  }

  async #study({ name }: NamedFile, open: OpenFile): Promise<FileStudy> {
    const collection = this.#collections.begin(name);
    const study = await studyFile(name, open, {
      parser: this.#parser,
      turns: this.#turns,
      onTurn: (bytes) => this.#tell(null, bytes),
      visit: (tape) => collection.add(tape),
    });
    collection.end(study);
    return study;
  }

  #tell(files: number | null, bytes: number): void {
    this.#read = files ?? this.#read;
    this.#onFiles?.({ stage: 'reading', files: this.#read, of: this.#set.files.length, bytes: this.#bytes + bytes });
  }
}

async function hashOf(path: string, signal: AbortSignal): Promise<Buffer> {
  return Buffer.from((await fingerprintFiles([path], signal)).replace('sha256:', ''), 'hex');
}

function changed(path: string): MigrationError {
  return new MigrationError('source-changed', { context: { path } });
}

function readPattern({ pattern, ...others }: SourceSettings, path: string): PathPattern | null {
  const wrong = (setting: string, detail: string): MigrationError =>
    new MigrationError('invalid-source-setting', { context: { path, setting, detail } });
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw wrong(unknown, 'a source of JSON has only "pattern"');
  if (pattern === undefined) return null;
  const parsed = typeof pattern === 'string' ? parsePattern(pattern) : null;
  if (parsed === null) throw wrong('pattern', 'it must be a path with names in braces, such as "{user_id}/{id}.json", each only once');
  return parsed;
}
