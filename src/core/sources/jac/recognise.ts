import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import { toFileError } from '../shared/files/to-file-error.ts';
import { isBerkeleyHead, isOldBerkeleyHead, readBerkeleyHash } from './dbm/berkeley-hash.ts';
import { isDumbDirectory } from './dbm/dumb.ts';
import { isGdbmHead, readGdbm } from './dbm/gdbm.ts';
import type { JacFiles, JacForm } from './jac-files.ts';
import { isBroken, type StoredRecords } from './stored-record.ts';
import { uuidText } from './uuid-text.ts';

/** Bytes of an SQLite file, and of its -wal, in which schema and first records are looked for. */
const lookedThrough = 256 << 10;

/** Records of which one must have a UUID for a key. */
const lookedAt = 32;

/** What a library adds to the name that a program gives its store. */
const suffixes: Readonly<Record<JacForm, RegExp>> = { berkeley: /\.db$/, dumb: /\.(dat|dir|bak)$/, gdbm: /\.pag$/, sqlite: /$/ };

/**
 * The Jac store at `path`, told by content; null = it is none. `path`: one of its files, or the name that the program gives it, which need not be a file
 * where a library adds something to it. A database whose tables only look similar is none: the keys must be UUIDs. A file of the right kind that cannot
 * be read is one, so that whoever opens it tells what is wrong. Nothing is opened for writing, and SQLite does not open the file at all. Throws
 * `unreadable-file`.
 */
export function recogniseJac(path: string): JacFiles | null {
  if (!isFile(path)) return firstOf([`${path}.db`, `${path}.dat`, `${path}.pag`], path);
  const dumb = suffixes.dumb.test(path) ? dumbAt(path.replace(suffixes.dumb, '')) : null;
  if (dumb !== null) return dumb;
  const form = formOf(path);
  if (form === null) return null;
  const name = path.replace(suffixes[form], '');
  return { form, name, data: path, users: usersOf(name) };
}

function firstOf(paths: readonly string[], name: string): JacFiles | null {
  for (const path of paths) {
    const found = isFile(path) ? recogniseJac(path) : null;
    if (found !== null) return { ...found, name };
  }
  return null;
}

function usersOf(name: string): string | null {
  const path = `${name}.users.json`;
  return isFile(path) ? path : null;
}

function dumbAt(name: string): JacFiles | null {
  const data = `${name}.dat`;
  if (!isFile(data)) return null;
  const heads = ['.dir', '.bak']
    .map((suffix) => name + suffix)
    .filter(isFile)
    .map((path) => beginning(path, 4_096));
  if (!heads.some((head) => isDumbDirectory(head) && uuid.test(head.toString('latin1')))) return null;
  return { form: 'dumb', name, data, users: usersOf(name) };
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

function formOf(path: string): JacForm | null {
  const head = beginning(path, 72);
  if (head.toString('latin1', 0, 16) === 'SQLite format 3\0') return holdsAnchors(path) ? 'sqlite' : null;
  if (isGdbmHead(head)) return hasUuidKeys(readGdbm(path)) ? 'gdbm' : null;
  if (isBerkeleyHead(head)) return hasUuidKeys(readBerkeleyHash(path)) ? 'berkeley' : null;
  if (isOldBerkeleyHead(head)) return uuid.test(beginning(path, lookedThrough).toString('latin1')) ? 'berkeley' : null;
  return null;
}

/** Also where nothing can be read: then it is told when the store is opened. */
function hasUuidKeys(records: StoredRecords): boolean {
  let keys = 0;
  let looked = 0;
  try {
    for (const record of records) {
      if (!isBroken(record)) keys++;
      if (!isBroken(record) && uuidText(record.key) === record.key) return true;
      if (++looked === lookedAt) break;
    }
  } catch (error) {
    if (!(error instanceof MigrationError) || !['corrupt-store', 'unread-jac-form'].includes(error.code)) throw error;
  }
  return keys === 0;
}

const shelf = /CREATE TABLE "?Dict"?\s*\(\s*key BLOB UNIQUE NOT NULL,\s*value BLOB NOT NULL\s*\)/i;
const anchors = /CREATE TABLE "?anchors"?\s*\(([^)]*)\)/i;

/** SQLite keeps the text of each CREATE in its first page, or in the -wal while that is not folded in. */
function holdsAnchors(path: string): boolean {
  const wal = `${path}-wal`;
  const text = [path, ...(isFile(wal) ? [wal] : [])].map((each) => beginning(each, lookedThrough).toString('latin1')).join('\n');
  const [, columns = ''] = anchors.exec(text) ?? [];
  if (/\barch_type\b/.test(columns) && /\bformat_version\b/.test(columns)) return true;
  if (/^\s*id\s+TEXT PRIMARY KEY,\s*data BLOB NOT NULL\s*$/i.test(columns)) return true;
  return shelf.test(text) && uuid.test(text) && /NodeAnchor|EdgeAnchor|ObjectAnchor|_jac_/.test(text);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function beginning(path: string, length: number): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw toFileError(error, path);
  }
}
