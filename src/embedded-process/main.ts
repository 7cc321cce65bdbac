import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';
import { MigrationError, toErrorShape, type ErrorShape } from '../core/errors.ts';
import { EmbeddedServer } from './embedded-server.ts';
import { openDatabase } from './open-database.ts';
import { openMethod, type OpenParams } from './open-request.ts';
import { takeOwnerLock, type OwnerLock } from './owner-lock.ts';
import { Spool } from './spool.ts';

/**
 * Entry of the process that owns the embedded PostgreSQL of one directory. Forked with an IPC channel; ends when its parent goes.
 * The terminal's Ctrl-C reaches the whole process group: the parent decides what it means, so it is ignored here.
 */
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
let closing: (() => Promise<void>) | null = null;

connection.onRequest(openMethod, (params: OpenParams) => answer(() => open(params)));
process.on('disconnect', () => void leave());
process.on('SIGTERM', () => void leave());
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
connection.listen();

async function open({ directory, program }: OpenParams): Promise<null> {
  makeFolder(dirname(directory));
  const lock = takeOwnerLock(directory, { pid: process.ppid, program, since: new Date().toISOString() });
  const spool = new Spool(`${directory}.spool`);
  let database: PGlite;
  try {
    database = await openDatabase(directory, spool.folder);
  } catch (error) {
    spool.remove();
    lock.release();
    throw error;
  }
  serve(new EmbeddedServer(database, spool, `${process.pid}.${Date.now()}`), spool, lock);
  return null;
}

/** `.sluice` in a user's repository holds a whole database: it ignores itself. */
function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const ignore = join(folder, '.gitignore');
  if (basename(folder) === '.sluice' && !existsSync(ignore)) writeFileSync(ignore, '*\n');
}

function serve(server: EmbeddedServer, spool: Spool, lock: OwnerLock): void {
  const { close, ...handlers } = server.handlers;
  closing = async () => {
    closing = null;
    await close({});
    spool.remove();
    lock.release();
  };
  for (const [method, handler] of Object.entries(handlers)) {
    connection.onRequest(method, (params: never) => answer<unknown>(() => handler(params)));
  }
  connection.onRequest('close', () =>
    answer(async () => {
      await closing?.();
      setImmediate(() => process.disconnect());
      return null;
    }),
  );
}

async function answer<T>(work: () => Promise<T>): Promise<T | ResponseError<ErrorShape>> {
  try {
    return await work();
  } catch (error) {
    const shape = toErrorShape(error);
    // PGlite cannot go on after a fault in its WebAssembly; a new process recovers what was committed.
    if (error instanceof MigrationError && error.code === 'connection-lost') {
      setTimeout(() => process.exit(1), 50);
      return new ResponseError(1, shape.message, toErrorShape(new MigrationError('embedded-stopped', { context: { ...error.context } })));
    }
    return new ResponseError(1, shape.message, shape);
  }
}

async function leave(): Promise<void> {
  try {
    await closing?.();
  } finally {
    process.exit(0);
  }
}
