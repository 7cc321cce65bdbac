import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostgres } from '../../scripts/find-postgres.ts';

/** A PostgreSQL server with pgvector that belongs to the tests. */
export interface Cluster {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Folder of psql, pg_dump and so on. */
  readonly bin: string;
  /** Address of a database for the superuser `postgres`, which needs no password, or for another user, who does. */
  url(database: string, login?: { readonly user: string; readonly password?: string }): string;
  /** Creates an empty database and gives its URL (user `postgres`). */
  createDatabase(name?: string): Promise<string>;
  /** Ends the sessions of a database and drops it. */
  dropDatabase(name: string): Promise<void>;
  /** A role that may log in with this password (scram-sha-256) and has no other right. */
  createUser(name: string, password: string): Promise<void>;
  /** Runs a script of any length in one psql; gives its output, unaligned: columns `|`, no headings. Fails at the first error. */
  psql(sql: string, database?: string): Promise<string>;
}

/** A server of its own, which a test may stop and start. */
export interface OwnCluster extends Cluster {
  /** Process id of the postmaster. */
  readonly pid: number;
  readonly folder: string;
  /** fast: sessions are ended, data are flushed. immediate: as in a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

export interface ClusterOptions {
  /** true for tests of crashes; false (the default) is faster. */
  readonly fsync?: boolean;
  /** More settings of the server. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The server that all tests of a process, and with `npm test` all processes, use. Starts at its first use. */
export async function sharedCluster(): Promise<Cluster> {
  const url = process.env['SLUICE_TEST_POSTGRES_URL'];
  if (url !== undefined) return connectTo(Number(new URL(url).port), installedBin());
  shared ??= startCluster();
  return shared;
}

/** Called once by test/helpers/root-hooks.ts. */
export async function removeSharedCluster(): Promise<void> {
  const cluster = await shared?.catch(() => undefined);
  shared = undefined;
  await cluster?.remove();
}

/**
 * For a `before` hook: the shared server. Where PostgreSQL with pgvector is not installed, skips the tests and leaves a note
 * "not covered here", unless SLUICE_TEST_REQUIRE is `all`: then it fails.
 */
export async function requirePostgres(context: Mocha.Context): Promise<Cluster> {
  if (process.env['SLUICE_TEST_POSTGRES_URL'] !== undefined || findPostgres()?.pgvector) {
    context.timeout(60_000);
    return sharedCluster();
  }
  const note = 'PostgreSQL with pgvector is not installed (`npm run postgres` installs it)';
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(note);
  notCovered(`tests on a real PostgreSQL server: ${note}`);
  return context.skip();
}

/** Says what this machine cannot test; the test command repeats it before its last line. */
export function notCovered(note: string): void {
  const file = process.env['SLUICE_TEST_NOTES'];
  if (file === undefined) console.warn(`not covered here: ${note}`);
  else appendFileSync(file, `${note}\n`);
}

/** Starts a throw-away server on a free port of 127.0.0.1. It ends with this process, also if that is killed. */
export async function startCluster(options: ClusterOptions = {}): Promise<OwnCluster> {
  const bin = installedBin();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
  const owner = serverOwner();
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], owner);
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  );
  const port = await freePort();
  let server = await startServer(bin, data, port, options, owner);

  async function stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.ref();
    process.kill(server.pid!, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  }

  return {
    ...connectTo(port, bin),
    folder,
    get pid(): number {
      return server.pid!;
    },
    stop,
    start: async () => {
      await stop();
      server = await startServer(bin, data, port, options, owner);
    },
    remove: async () => {
      await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let shared: Promise<OwnCluster> | undefined;
let databases = 0;

function connectTo(port: number, bin: string): Cluster {
  const psql = (sql: string, database = 'postgres'): Promise<string> => {
    const args = [
      '-X',
      '-q',
      '-A',
      '-t',
      '-v',
      'ON_ERROR_STOP=1',
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-U',
      'postgres',
      '-d',
      database,
      '-f',
      '-',
    ];
    return run(join(bin, 'psql'), args, null, sql);
  };
  const url: Cluster['url'] = (database, login = { user: 'postgres' }) => {
    const password = login.password === undefined ? '' : `:${encodeURIComponent(login.password)}`;
    return `postgresql://${encodeURIComponent(login.user)}${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  };
  return {
    host: '127.0.0.1',
    port,
    bin,
    url,
    psql,
    createDatabase: async (name = `test_${process.pid}_${++databases}`) => {
      await psql(`CREATE DATABASE ${quote(name)}`);
      return url(name);
    },
    dropDatabase: async (name) => {
      await psql(`DROP DATABASE IF EXISTS ${quote(name)} WITH (FORCE)`);
    },
    createUser: async (name, password) => {
      await psql(`CREATE ROLE ${quote(name)} LOGIN PASSWORD '${password.replaceAll("'", "''")}'`);
    },
  };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function installedBin(): string {
  const installation = findPostgres();
  if (!installation) throw new Error('PostgreSQL is not installed; `npm run postgres` installs it');
  return installation.bin;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The server refuses to run as root: then the user `postgres`, whom the package created, runs it. */
function serverOwner(): Owner | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function startServer(bin: string, data: string, port: number, options: ClusterOptions, owner: Owner | null): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: join(data, '..'),
    fsync: options.fsync === true ? 'on' : 'off',
    max_connections: '60',
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    ...options.settings,
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const [program, ...words] = endsWithParent([join(bin, 'postgres'), ...args], owner);
  const server = spawn(program!, words, { stdio: ['ignore', 'ignore', 'pipe'], cwd: data });
  let log = '';
  server.stderr.on('data', (piece: Buffer) => {
    log = (log + piece.toString()).slice(-4000);
  });
  server.unref();
  (server.stderr as unknown as { unref(): void }).unref();
  await untilReady(bin, port, server, () => log);
  return server;
}

/** On Linux `setpriv` lets the kernel stop the server when this process dies, whatever killed it, and drops root on the way. */
function endsWithParent(command: readonly string[], owner: Owner | null): readonly string[] {
  if (!existsSync('/usr/bin/setpriv')) return command;
  const drop = owner === null ? [] : [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--init-groups'];
  return ['/usr/bin/setpriv', ...drop, '--pdeathsig=QUIT', '--', ...command];
}

async function untilReady(bin: string, port: number, server: ChildProcess, log: () => string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${log()}`);
    const ready = await run(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)], null).then(
      () => true,
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
  throw new Error(`PostgreSQL did not start within 30 s:\n${log()}`);
}

function run(program: string, args: readonly string[], owner: Owner | null, input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...owner, cwd: tmpdir(), maxBuffer: 256 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.replace(/\n$/, ''));
      else reject(new Error(`${program} failed: ${stderr || error.message}`));
    });
    if (input !== undefined) child.stdin?.end(input);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
