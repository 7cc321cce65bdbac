import { realpath, stat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { MigrationError } from '../../../errors.ts';
import { locationText, nameOfFile, storeName, type StoreLocation } from '../../../model/store-location.ts';
import { fileCost, Turns } from '../turns.ts';
import { findFiles, type FileSearch } from './find-files.ts';
import { headSpace, readHeadNow } from './read-head.ts';

/** Files of one kind that a location names. */
export interface FileSet {
  readonly location: StoreLocation;
  /** What the store is called. */
  readonly name: string;
  /** Folder that the names of the files are relative to. */
  readonly root: string;
  /** One file was named itself: nothing can join it. */
  readonly single: boolean;
  /** The files were named by their folder only. */
  readonly folder: boolean;
  readonly files: readonly NamedFile[];
  /** What was left aside and why. */
  readonly passedOver: readonly string[];
}

export interface NamedFile {
  /** Relative to the root, with slashes; of a single file its last part. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** How a kind of store tells its files. */
export interface FileTest {
  /** "is no Parquet file" */
  readonly word: string;
  /** Names that say they are such files: one whose content is none is refused, and not passed over. */
  readonly named: RegExp;
  accepts(path: string, head: Uint8Array): Promise<boolean>;
  /** A file that says by its name what it is, and that cannot be opened, belongs to the set: whoever reads it tells why not. */
  readonly keepsUnreadable?: true;
  /** Files of no bytes are passed over; else they are refused. */
  readonly emptyIsNothing: boolean;
}

/** Who listens while files are told apart. */
export interface FileSetSearch extends FileSearch {
  /** Names of files of the set that need not be looked at again. */
  readonly known?: (name: string) => boolean;
}

/**
 * The files of a location. In a folder, what is no file of the kind is passed over and told, unless its name says that it is one; what was named, itself
 * or by a glob, must be one. Throws `no-such-file`, `no-matching-files`, `unreadable-file`, `unfit-file` or `cancelled`.
 */
export async function fileSetOf(location: StoreLocation, test: FileTest, search: FileSetSearch = {}): Promise<FileSet> {
  const one = typeof location === 'string' ? await stat(location).catch(() => null) : null;
  if (typeof location === 'string' && one !== null && !one.isDirectory()) return singleFile(location);
  const found = await findFiles(location, search);
  const turns = new Turns(search.signal);
  const space = headSpace();
  const above = found.root.endsWith(sep) ? found.root : found.root + sep;
  const passedOver = [...found.passedOver];
  const files: NamedFile[] = [];
  for (const path of found.files) {
    const name = (path.startsWith(above) ? path.slice(above.length) : relative(found.root, path)).replaceAll(sep, '/');
    if (search.known?.(name) === true) {
      files.push({ name, path });
      continue;
    }
    const opened = headOrError(path, space);
    if (opened instanceof MigrationError) {
      if (test.keepsUnreadable !== true || opened.code !== 'unreadable-file' || !test.named.test(name)) throw opened;
      files.push({ name, path });
      continue;
    }
    const { head, size } = opened;
    if (turns.spend(fileCost)) {
      search.onFound?.(found.files.length);
      await turns.take();
    }
    if (size === 0 && test.emptyIsNothing) passedOver.push(`${name}, which is empty`);
    else if (size > 0 && (await test.accepts(path, head))) files.push({ name, path });
    else if (found.inFolders.has(path) && !test.named.test(name)) passedOver.push(`${name}, which is no ${test.word}`);
    else throw new MigrationError('unfit-file', { context: { path, word: test.word, location: locationText(location) } });
  }
  if (files.length === 0) throw new MigrationError('no-matching-files', { context: { path: locationText(location) } });
  const folder = files.every(({ path }) => found.inFolders.has(path));
  return { location, name: storeName(location), root: found.root, single: false, folder, files, passedOver };
}

function headOrError(path: string, space: Buffer): ReturnType<typeof readHeadNow> | MigrationError {
  try {
    return readHeadNow(path, space);
  } catch (error) {
    return error as MigrationError;
  }
}

async function singleFile(location: string): Promise<FileSet> {
  const path = await realpath(location);
  const name = location.slice(dirname(location).length).replace(/^[\\/]+/, '');
  return {
    location,
    name: nameOfFile(location),
    root: dirname(path),
    single: true,
    folder: false,
    files: [{ name, path }],
    passedOver: [],
  };
}
