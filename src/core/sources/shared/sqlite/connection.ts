import Database from 'better-sqlite3';
import { MigrationError } from '../../../errors.ts';
import { namingErrors } from './sqlite-errors.ts';

export type Connection = Database.Database;

/** Milliseconds to wait for a program that holds the store locked. */
const busyTimeout = 5_000;

/** Opens a database for reading only; integers come as bigint. Throws a named diagnosis when it cannot be opened. */
export function openForReading(path: string): Connection {
  return open(path, true);
}

/** Opens a private copy so that SQLite may fold its -wal or -journal into it. */
export function openForRecovery(path: string): Connection {
  return open(path, false);
}

/** Makes a database of our own at `path`. It is thrown away when filling it fails, so nothing guards what is half written. */
export function openForFilling(path: string): Connection {
  const connection = open(path, false, false);
  connection.pragma('journal_mode = off');
  connection.pragma('synchronous = off');
  return connection;
}

function open(path: string, readonly: boolean, fileMustExist = true): Connection {
  requireNodeApi();
  return namingErrors({ path }, () => {
    const connection = new Database(path, { readonly, fileMustExist, timeout: busyTimeout });
    connection.defaultSafeIntegers(true);
    // Tables are read once from end to end; the driver's default of 16 MB a connection would only be memory.
    connection.pragma('cache_size = -2000');
    return connection;
  });
}

/** The driver is built for Node-API 10; older Nodes do not refuse it, they crash. */
function requireNodeApi(): void {
  if (Number(process.versions['napi'] ?? 0) >= 10) return;
  throw new MigrationError('driver-unsupported', { context: { node: process.versions.node } });
}
