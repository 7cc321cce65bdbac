import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import picomatch from 'picomatch';
import { MigrationError } from '../../../errors.ts';
import { locationText, type StoreLocation } from '../../../model/store-location.ts';
import { throwIfCancelled } from '../throw-if-cancelled.ts';
import { byBytes } from './by-bytes.ts';
import { toFileError } from './to-file-error.ts';

/** What a location names on the disk. */
export interface FoundFiles {
  /** Folder above all of the files; the folders `name=value` below it are values. No links lead to it. */
  readonly root: string;
  /** Absolute, in the order of their paths, byte by byte. */
  readonly files: readonly string[];
  /** Those that were not named one by one or by a glob, but by their folder. */
  readonly inFolders: { has(path: string): boolean };
  /** What was left aside and why: "_SUCCESS, whose name begins with _". */
  readonly passedOver: readonly string[];
}

interface Named {
  readonly root: string;
  readonly files: readonly string[];
  readonly inFolder: boolean;
}

/** Who listens while files are looked for. */
export interface FileSearch {
  readonly signal?: AbortSignal;
  /** Files so far. */
  readonly onFound?: (files: number) => void;
}

/**
 * The files of a folder and of all folders below it, of a glob, or of a list of files, folders and globs. Names that begin with a dot or an underscore
 * are passed over, unless a glob has them. Links are followed, but not in circles. Throws `no-such-file`, `no-matching-files`,
 * `unreadable-file` or `cancelled`.
 */
export async function findFiles(location: StoreLocation, search: FileSearch = {}): Promise<FoundFiles> {
  const passedOver: string[] = [];
  const named: Named[] = [];
  for (const path of typeof location === 'string' ? [location] : location) named.push(await findNamed(path, passedOver, search));
  const files = [...new Set(named.flatMap((one) => one.files))].sort(byBytes);
  if (files.length === 0) throw new MigrationError('no-matching-files', { context: { path: locationText(location) } });
  const onesNamed = new Set(named.flatMap((one) => (one.inFolder ? [] : one.files)));
  return {
    root: aboveValues(named.map(({ root }) => root)),
    files,
    inFolders: { has: (path) => !onesNamed.has(path) },
    passedOver,
  };
}

async function findNamed(path: string, passedOver: string[], search: FileSearch): Promise<Named> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) {
    const root = await realpath(path);
    return { root, files: await new Walk(root, null, passedOver, search).files(), inFolder: true };
  }
  if (found !== null) {
    const root = await realpath(dirname(path));
    return { root, files: [join(root, path.slice(dirname(path).length).replace(/^[\\/]+/, ''))], inFolder: false };
  }
  const { base, pattern } = await splitGlob(path);
  if (!picomatch.scan(pattern).isGlob) throw new MigrationError('no-such-file', { context: { path } });
  const files = await new Walk(base, pattern, passedOver, search).files();
  if (files.length === 0) throw new MigrationError('no-matching-files', { context: { path } });
  return { root: base, files, inFolder: false };
}

/** The longest beginning that is a folder, whatever signs are in its name, and the pattern behind it. */
async function splitGlob(path: string): Promise<{ readonly base: string; readonly pattern: string }> {
  let base = dirname(path);
  let pattern = path.slice(base.length).replace(/^[\\/]+/, '');
  for (;;) {
    const found = await stat(base).catch(() => null);
    if (found?.isDirectory() === true) return { base: await realpath(base), pattern: pattern.replaceAll('\\', '/') };
    const above = dirname(base);
    if (above === base) throw new MigrationError('no-such-file', { context: { path } });
    pattern = `${base.slice(above.length).replace(/^[\\/]+/, '')}/${pattern}`;
    base = above;
  }
}

/** The folder above all of them, and above what are values of a partition. */
function aboveValues(folders: readonly string[]): string {
  let root = folders[0] ?? '';
  for (const folder of folders) while (isOutside(relative(root, folder))) root = dirname(root);
  while (/[\\/][^\\/=]+=[^\\/]*$/.test(root)) root = dirname(root);
  return root;
}

/** A path from one folder to another that leads up, or to another drive. */
function isOutside(path: string): boolean {
  return path === '..' || /^\.\.[\\/]/.test(path) || isAbsolute(path);
}

/** One walk through a folder. */
class Walk {
  readonly #base: string;
  readonly #matches: (path: string) => boolean;
  /** A name that is passed over otherwise. */
  readonly #mayHide: (path: string) => boolean;
  readonly #depth: number;
  readonly #all: boolean;
  readonly #passedOver: string[];
  readonly #search: FileSearch;
  readonly #files: string[] = [];

  /** `pattern`: relative to `base`, null = every file. */
  constructor(base: string, pattern: string | null, passedOver: string[], search: FileSearch) {
    this.#base = base;
    this.#all = pattern === null;
    this.#passedOver = passedOver;
    this.#search = search;
    this.#matches = pattern === null ? () => true : picomatch(pattern, { dot: true });
    const visible = pattern === null ? () => false : picomatch(pattern);
    const underscore = pattern !== null && /(?:^|[/{,(|])_/.test(pattern);
    this.#mayHide = (path) => visible(path) && (underscore || !/(?:^|\/)_/.test(path));
    this.#depth = pattern === null || /\*\*|[{(][^})]*\//.test(pattern) ? Infinity : pattern.split('/').length;
  }

  async files(): Promise<readonly string[]> {
    await this.#folder('', 1, [this.#base]);
    return this.#files;
  }

  /** `above`: real paths of the folders that led here. */
  async #folder(below: string, depth: number, above: readonly string[]): Promise<void> {
    const { signal, onFound } = this.#search;
    if (signal !== undefined) throwIfCancelled(signal);
    onFound?.(this.#files.length);
    const folder = join(this.#base, below);
    for (const entry of await entriesOf(folder)) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const hidden = /^[._]/.test(entry.name);
      if (hidden && this.#all) {
        this.#pass(`${path}, whose name begins with ${entry.name[0]}`);
        continue;
      }
      const kind = await kindOfEntry(join(folder, entry.name), entry, this.#matches(path));
      if (kind === 'folder') await this.#below(path, depth, above, hidden);
      else if (!this.#matches(path)) continue;
      else if (kind === 'other') this.#pass(`${path}, which is no regular file`);
      else if (this.#all || this.#mayHide(path)) this.#files.push(join(folder, entry.name));
      else this.#pass(`${path}, in which a name begins with a dot or an underscore`);
    }
  }

  async #below(path: string, depth: number, above: readonly string[], hidden: boolean): Promise<void> {
    if (depth >= this.#depth || (hidden && path.split('/').at(-1)?.startsWith('.') === true && this.#depth === Infinity)) return;
    const real = await realpath(join(this.#base, path)).catch((error: unknown) => {
      throw toFileError(error, join(this.#base, path));
    });
    if (above.includes(real)) return this.#pass(`${path}, a link to a folder that it is in`);
    await this.#folder(path, depth + 1, [...above, real]);
  }

  #pass(what: string): void {
    this.#passedOver.push(what);
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => byBytes(a.name, b.name));
  } catch (error) {
    throw toFileError(error, folder);
  }
}

/** Links are looked behind; one that leads nowhere is told when it is `wanted`. */
async function kindOfEntry(path: string, entry: Dirent, wanted: boolean): Promise<'file' | 'folder' | 'other'> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (!wanted) return 'other';
    throw new MigrationError('unreadable-file', {
      context: { path, detail: `it is a link that leads nowhere (${(error as NodeJS.ErrnoException).code ?? 'no reason given'})` },
      cause: error,
    });
  }
}
