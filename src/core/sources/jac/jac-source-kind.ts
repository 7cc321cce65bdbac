import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { backUpFiles, type StoreFiles } from '../shared/back-up-files.ts';
import { checkFileUnchanged } from '../shared/file-snapshot.ts';
import { openForReading } from '../shared/sqlite/connection.ts';
import type { SourceKind } from '../source.ts';
import { SqliteSource } from '../sqlite/sqlite-source.ts';
import { isBerkeleyHead } from './dbm/berkeley-hash.ts';
import { isGdbmHead } from './dbm/gdbm.ts';
import { freezeStore, identityBytes } from './freeze-store.ts';
import type { JacForm } from './jac-files.ts';
import type { JacSnapshot } from './jac-snapshot.ts';
import { JacSource } from './jac-source.ts';
import { recogniseJac } from './recognise.ts';

/** Graphs that Jac programs leave behind. A store is known by what it holds: the files of its libraries hold other things as well. */
export const jacSourceKind: SourceKind = {
  kind: 'jac',
  accepts: async (path, head) => {
    const found = recogniseJac(path);
    return found !== null && isHeadOf(found.form, head);
  },
  acceptsName: async (path) => !existsSync(path) && recogniseJac(path) !== null,
  mainFile: async (path) => recogniseJac(path)?.data ?? path,
  freeze: freezeStore,
  attach: async (snapshot) => new JacSource(snapshot as JacSnapshot, new SqliteSource(openForReading(snapshot.path), snapshot)),
  checkUnchanged: (snapshot) => checkFileUnchanged(snapshot as JacSnapshot, identityBytes),
  backUp: (snapshot, path, signal) => backUpFiles(snapshot, filesToBackUp(snapshot as JacSnapshot), path, signal),
};

/** Of a dumb shelf the file that was named may be the one with the values, which begins with any of them. */
function isHeadOf(form: JacForm, head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (form === 'sqlite') return bytes.toString('latin1', 0, 16) === 'SQLite format 3\0';
  return form === 'dumb' || (form === 'gdbm' ? isGdbmHead(bytes) : isBerkeleyHead(bytes));
}

/** Files that are found by each other's names keep them, in a folder. */
function filesToBackUp({ files, fingerprint }: JacSnapshot): StoreFiles {
  const [first = ''] = files;
  const folder = !files.every((path) => path.startsWith(first)) || /\.(dat|db)$/.test(first);
  return {
    folder,
    files: files.map((path) => ({ path, place: folder ? basename(path) : path.slice(first.length) })),
    fingerprints: [fingerprint],
  };
}
