import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import { locationText, type StoreLocation } from '../../model/store-location.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { fileSetOf, type FileSet, type NamedFile } from '../shared/files/file-set.ts';
import { compressionOf, plainHead } from '../shared/plain/file-format.ts';
import { PlainCopies, type TextFormat } from '../shared/plain/plain-copy.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { fileCost, Turns } from '../shared/turns.ts';
import type { FreezeOptions, SourceSettings } from '../source.ts';
import { DocumentFiles } from './document-files.ts';
import { DocumentParser } from './document-parser.ts';
import { FilePacker, type FileFacts } from './file-packer.ts';
import { sameState, stateOf, type FileState } from './file-state.ts';
import type { OpenFile } from './file-window.ts';
import { Collections } from './infer/collections.ts';
import { proposeTables } from './infer/propose-tables.ts';
import { jsonFiles } from './json-files.ts';
import type { JsonSnapshot } from './json-snapshot.ts';
import { wideEncoding } from './looks-json.ts';
import { parsePattern, proposePattern, type PathPattern } from './path-pattern.ts';
import { readWhole } from './read-whole.ts';
import { StoreHash } from './store-hash.ts';
import { studyFile, type FileStudy } from './study-file.ts';
import { passingCode, Patience, unreadStudy } from './unread-file.ts';

/**
 * Freezes one file of documents or several, which are read in place where they are plain UTF-8, after reading every document once. Throws `invalid-source-setting`,
 * `source-changed`, `snapshot-failed`, `no-space`, `cancelled`, and what finding the files throws.
 */
export async function freezeFiles(
  location: StoreLocation,
  { signal, scratch, settings = {}, onFiles }: FreezeOptions,
): Promise<JsonSnapshot> {
  throwIfCancelled(signal);
  const text = locationText(location);
  const given = readPattern(settings, text);
  const onFound = (files: number): void => onFiles?.({ stage: 'finding', files, of: null, bytes: 0 });
  const set = await fileSetOf(location, jsonFiles, { signal, onFound });
  const pattern = given ?? (set.single ? null : proposePattern(set.files.map(({ name }) => name)));
  const copies = new PlainCopies(text, scratch);
  try {
    const freezing = new Freezing(set, text, copies, signal, onFiles);
    for (const number of set.files.keys()) await freezing.freeze(number);
    return freezing.finish(pattern);
  } catch (error) {
    await copies.remove();
    throw error;
  }
}

/** Files up to this size are read once, for their documents and their hash. */
const wholeBytes = 2 ** 20;

class Freezing {
  readonly #set: FileSet;
  readonly #location: string;
  readonly #copies: PlainCopies;
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

  constructor(set: FileSet, location: string, copies: PlainCopies, signal: AbortSignal, onFiles: FreezeOptions['onFiles']) {
    this.#set = set;
    this.#location = location;
    this.#copies = copies;
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
      this.#putUnread(number, `cannot be read: ${(error as Error).message}`, null);
    }
    if (!this.#turns.spend(fileCost)) return;
    this.#tell(number + 1, 0);
    await this.#turns.take();
  }

  /** `seen`: of a file that could be opened, but is damaged. */
  #putUnread(number: number, unread: string, seen: Pick<FileFacts, 'state' | 'hash'> | null): void {
    const { name } = this.#set.files[number]!;
    const study = unreadStudy(name, unread);
    const { state, hash } = seen ?? { state: [0n, 0n, 0n, 0n], hash: createHash('sha256').update(unread).digest() };
    this.#collections.begin(name).end(study);
    this.#packer.put(number, { ...study, unread, size: 0, state, hash });
    this.#hash.add(name, hash);
  }

  /** Only in plain text are there places that a reader can go back to. A file that cannot be unpacked is a broken document. */
  async #freezeCopy(number: number, location: string, state: FileState, format: TextFormat): Promise<void> {
    const file = this.#set.files[number]!;
    const copied = await this.#copies.make(location, file.path, format, this.#signal).catch((error: unknown) => {
      if (error instanceof MigrationError && error.code === 'unreadable-records') return String(error.context.detail);
      throw error;
    });
    const hash =
      typeof copied === 'string' ? await hashOf(file.path, this.#signal) : Buffer.from(copied.fingerprint.replace('sha256:', ''), 'hex');
    if (!sameState(stateOf(file.path), state)) throw changed(location);
    if (typeof copied === 'string') return this.#putUnread(number, `cannot be read: ${copied}`, { state, hash });
    const descriptor = openSync(copied.path, 'r');
    try {
      const size = Number(stateOf(descriptor)[1]);
      const study = await this.#study(file, { descriptor, size, location });
      this.#put(number, { ...study, copy: copied.path, size, state, hash }, study);
    } finally {
      closeSync(descriptor);
    }
  }

  #put(number: number, facts: FileFacts, { largest }: FileStudy): void {
    this.#packer.put(number, facts);
    this.#hash.add(this.#set.files[number]!.name, facts.hash);
    this.#bytes += facts.size;
    this.#largest = Math.max(this.#largest, largest);
  }

  /** What was studied is what is hashed. */
  async #freeze(number: number): Promise<void> {
    const file = this.#set.files[number]!;
    const { path } = file;
    const location = this.#set.single ? this.#location : path;
    const descriptor = openSync(path, 'r');
    try {
      const state = stateOf(descriptor);
      const size = Number(state[1]);
      const whole = size <= wholeBytes ? this.#readWhole(descriptor, size, location) : undefined;
      const format = await formatOf(path, whole ?? headOf(descriptor));
      if (format !== null) return await this.#freezeCopy(number, location, state, format);
      const study = await this.#study(file, { descriptor, size, location, ...(whole !== undefined && { whole }) });
      const hash = whole === undefined ? await hashOf(path, this.#signal) : createHash('sha256').update(whole).digest();
      if (!sameState(stateOf(path), state)) throw changed(location);
      this.#put(number, { ...study, size, state, hash }, study);
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
      path: this.#copies.first ?? only?.path ?? root,
      fingerprint: this.#hash.digest(),
      temporary: this.#copies.first !== null,
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

/** null = it is plain UTF-8. */
async function formatOf(path: string, head: Buffer): Promise<TextFormat | null> {
  const compression = compressionOf(head);
  const encoding = wideEncoding(compression === null ? head : await plainHead(path, compression, 4_096));
  return compression === null && encoding === null ? null : { compression, encoding: encoding ?? 'utf-8' };
}

function headOf(descriptor: number): Buffer {
  const head = Buffer.alloc(4_096);
  return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
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
