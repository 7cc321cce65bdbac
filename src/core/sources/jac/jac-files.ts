import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DumbFiles } from './dbm/dumb.ts';

/** `sqlite`: dbm.sqlite3, and the runtime's own databases; which of them its tables tell. */
export type JacForm = 'gdbm' | 'dumb' | 'berkeley' | 'sqlite';

/** The files of one store. */
export interface JacFiles {
  readonly form: JacForm;
  /** What the program calls the store, for example `main.session`; there need not be a file of that name. */
  readonly name: string;
  /** The file that holds the records. */
  readonly data: string;
  /** `main.session.users.json`, where it is there. */
  readonly users: string | null;
}

/** What belongs to the data of a form, beside it. */
const companions: Readonly<Record<JacForm, readonly string[]>> = {
  gdbm: [],
  berkeley: [],
  dumb: ['.dir', '.bak'],
  sqlite: ['-wal', '-journal'],
};

/** Every file that is needed to read the store, as they are there now; the one that holds the records comes first. */
export function filesToCopy(files: JacFiles): readonly string[] {
  const stem = files.form === 'dumb' ? files.name : files.data;
  const beside = companions[files.form].map((suffix) => stem + suffix).filter((path) => existsSync(path) && statSync(path).size > 0);
  return [files.data, ...beside, ...(files.users === null ? [] : [files.users])];
}

/** The same store, when all of `filesToCopy` lie in `folder` under their own names. */
export function atCopy(files: JacFiles, folder: string): JacFiles {
  const moved = (path: string): string => join(folder, basename(path));
  return { ...files, name: moved(files.name), data: moved(files.data), users: files.users === null ? null : moved(files.users) };
}

export function dumbFiles({ name, data }: JacFiles): DumbFiles {
  return { data, directory: `${name}.dir`, backup: `${name}.bak` };
}
