import type { PythonValue } from './anchor.ts';
import { StoreFile } from './dbm/store-file.ts';
import type { JacFiles } from './jac-files.ts';
import { isTagged } from './pickle/known-objects.ts';
import { readPythonJson } from './python-json.ts';
import { RecordFault } from './record-fault.ts';
import { openTables } from './sqlite/open-tables.ts';
import { uuidText } from './uuid-text.ts';
import { MigrationError } from '../../errors.ts';
import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';

/** Bytes of a list of users: as many as 200,000 of them have. */
const longestList = 64 << 20;

/**
 * Ids of the users' roots, by the names of the users, as the server of Jac keeps them beside the store or, in later versions, inside of it. Of what it
 * keeps about a user nothing else is handed on; passwords and tokens are not even asked for where there is a table. Throws diagnoses of the store.
 */
export function readUsers(files: JacFiles): ReadonlyMap<string, string> {
  const listed = files.users === null ? new Map<string, string>() : usersOfFile(files.users);
  return files.form === 'sqlite' ? new Map([...listed, ...usersOfTable(files.data)]) : listed;
}

function usersOfFile(path: string): ReadonlyMap<string, string> {
  const file = new StoreFile(path);
  try {
    if (file.size > longestList) throw new RecordFault(`it has ${file.size} bytes, more than ${longestList}`);
    const users = entry(readPythonJson(file.read(0, file.size)), '__jac_users__');
    const pairs = isTagged(users) && users.tag === 'dict' ? users.entries : [];
    return rootsByName(pairs.map(([name, user]) => [name, entry(user, 'root_id')]));
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error;
    throw new MigrationError('unreadable-file', { context: { path, detail: `it is no list of users: ${error.message}` } });
  } finally {
    file.close();
  }
}

function usersOfTable(path: string): ReadonlyMap<string, string> {
  const { connection, columns } = openTables(path);
  try {
    const users = columns.get('users');
    if (users?.has('username') !== true || !users.has('root_id')) return new Map();
    return namingErrors({ path }, () =>
      rootsByName(connection.prepare('SELECT username, root_id FROM users').raw().all() as [unknown, unknown][]),
    );
  } finally {
    connection.close();
  }
}

function rootsByName(pairs: readonly (readonly [unknown, unknown])[]): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const [name, root] of pairs) {
    const id = typeof root === 'string' ? uuidText(root) : null;
    if (typeof name === 'string' && id !== null) roots.set(name, id);
  }
  return roots;
}

function entry(value: PythonValue, key: string): PythonValue {
  if (!isTagged(value) || value.tag !== 'dict') return null;
  return value.entries.find(([name]) => name === key)?.[1] ?? null;
}
