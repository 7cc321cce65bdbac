import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePrograms, findProgram } from '../../scripts/ensure-programs.ts';
import { freePort } from './free-port.ts';
import { notCovered, type Cluster } from './postgres.ts';

export interface PoolerSettings {
  readonly mode: 'session' | 'transaction' | 'statement';
  /** Name that clients use, and what stands behind it; "*" = every name, for the cluster. */
  readonly databases: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, string>>;
  /** More lines of the section [pgbouncer]. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export interface Pooler {
  readonly port: number;
  close(): Promise<void>;
}

/** For a `before` hook: installs PgBouncer where it is missing; skips the tests, with a note, where that is not possible. */
export function requirePgbouncer(context: Mocha.Context): void {
  context.timeout(300_000);
  process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/sbin`;
  const problem = ensurePrograms({ pgbouncer: 'pgbouncer' }, () => undefined);
  if (problem === null) return;
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(problem);
  notCovered(`connection poolers: ${problem}`);
  context.skip();
}

/** Starts a real PgBouncer before a cluster, on a free port of 127.0.0.1. */
export async function startPgbouncer(cluster: Cluster, settings: PoolerSettings): Promise<Pooler> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  writeFileSync(
    join(folder, 'users.txt'),
    Object.entries(settings.users)
      .map((user) => `${user.map(quoted).join(' ')}\n`)
      .join(''),
  );
  const own = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: join(folder, 'users.txt'),
    pool_mode: settings.mode,
    ...settings.settings,
  };
  const behind = Object.entries(settings.databases).map(([name, place]) => `${name} = host=127.0.0.1 port=${cluster.port} ${place}`);
  const lines = ['[databases]', ...behind, '[pgbouncer]', ...Object.entries(own).map(([name, value]) => `${name} = ${value}`), ''];
  writeFileSync(join(folder, 'pgbouncer.ini'), lines.join('\n'));
  const [program = '', ...words] = [...ofOtherUser(), findProgram('pgbouncer') ?? 'pgbouncer', join(folder, 'pgbouncer.ini')];
  const child = spawn(program, words, { stdio: 'ignore' });
  child.unref();
  await untilListening(port, child);
  return {
    port,
    close: async () => {
      const exited = child.exitCode === null ? once(child, 'exit') : null;
      child.ref();
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PgBouncer refuses to run as root. */
function ofOtherUser(): readonly string[] {
  if (!existsSync('/usr/bin/setpriv')) return [];
  const drop = process.getuid?.() === 0 ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  return ['/usr/bin/setpriv', ...drop, '--pdeathsig=KILL', '--'];
}

async function untilListening(port: number, child: ReturnType<typeof spawn>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const there = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(
      () => false,
    );
    socket.destroy();
    if (there) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('PgBouncer did not start within 30 s');
}
