import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { MigrationError, toErrorShape } from '../../src/core/errors.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import type { PostgresConnection, Target } from '../../src/core/target/target.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';

/** Looked for in everything that an error holds. */
const secret = 'Qx7-distinctive-Zw9';

describe('connecting to PostgreSQL', function () {
  this.timeout(30_000);
  let cluster: Cluster;
  let database: string;
  const servers: Server[] = [];

  before(async function () {
    cluster = await requirePostgres(this);
    const url = await cluster.createDatabase();
    database = new URL(url).pathname.slice(1);
    await cluster.createUser('connector', secret);
  });
  after(() => servers.forEach((server) => server.close()));

  const connection = (changes: Partial<PostgresConnection> = {}): PostgresConnection => ({
    ...parsePostgresUrl(cluster.url(database, { user: 'connector', password: secret }), {}),
    ...changes,
  });
  async function fails(code: string, changes: Partial<PostgresConnection>, wanted: RegExp, kind = 'terminal'): Promise<MigrationError> {
    let failure: unknown;
    await assert.rejects(openPostgresTarget(connection(changes), 'sluice test', { connectTimeoutMs: 500 }), (error) => {
      failure = error;
      return true;
    });
    assert.ok(failure instanceof MigrationError, inspect(failure));
    assert.deepEqual([failure.code, failure.kind], [code, kind], failure.message);
    assert.match(failure.message, wanted);
    assert.ok(failure.remedy.length > 10);
    assertNoSecret(failure);
    return failure;
  }
  async function listen(server: Server): Promise<Partial<PostgresConnection>> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port };
  }

  it('connects with the right password', async () => {
    const target = await openPostgresTarget(connection(), 'sluice test');
    const { rows } = await target.query("SELECT current_user AS me, current_setting('application_name') AS program");
    assert.deepEqual({ ...rows[0] }, { me: 'connector', program: 'sluice test' });
    assert.equal(target.label, `connector@127.0.0.1:${cluster.port}/${database}`);
    assert.deepEqual([target.capabilities.sessions, target.capabilities.canCreateSchema], [true, false]);
    await target.close();
  });

  it('server-not-running', async () => {
    const closed = await listen(createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await fails('server-not-running', closed, new RegExp(`127\\.0\\.0\\.1, port ${closed.port}`), 'transient');
    await fails('server-not-running', { host: '/no/such/folder' }, /\/no\/such\/folder/, 'transient');
  });

  it('host-not-found', () => fails('host-not-found', { host: 'no-such-host.invalid' }, /no-such-host\.invalid/));

  it('connection-timeout', async () => {
    await fails('connection-timeout', await listen(createServer(() => {})), /does not answer/, 'transient');
  });

  it('wrong-password', async () => {
    const error = await fails('wrong-password', { password: `${secret}-wrong` }, /password of user "connector"/);
    assert.equal(error.context.sqlstate, '28P01');
  });

  it('wrong-password for a user that does not exist', () => fails('wrong-password', { user: 'nobody at all' }, /"nobody at all"/));

  it('password-missing', async () => {
    await fails('password-missing', { password: null }, /asks for a password of user "connector"/);
  });

  it('role-not-allowed', async () => {
    await cluster.psql(`CREATE ROLE asleep NOLOGIN PASSWORD '${secret}'`);
    const error = await fails('role-not-allowed', { user: 'asleep' }, /not permitted to log in/);
    assert.equal(error.context.sqlstate, '28000');
  });

  it('no-such-database', async () => {
    const error = await fails('no-such-database', { database: 'missing' }, /no database "missing"/);
    assert.match(error.remedy, /createdb missing/);
  });

  it('no-privilege', async () => {
    const closed = new URL(await cluster.createDatabase()).pathname.slice(1);
    await cluster.psql(`REVOKE CONNECT ON DATABASE "${closed}" FROM PUBLIC`);
    await fails('no-privilege', { database: closed }, /permission denied for database/);
  });

  it('too-many-connections', async () => {
    await cluster.psql(`CREATE ROLE crowded LOGIN PASSWORD '${secret}' CONNECTION LIMIT 0`);
    await fails('too-many-connections', { user: 'crowded' }, /too many connections/, 'transient');
  });

  it('tls-refused', async () => {
    for (const sslMode of ['require', 'verify-full'] as const) await fails('tls-refused', { sslMode }, /does not encrypt/);
  });

  it('server-starting', async () => {
    const starting = await listen(
      createServer((socket) =>
        socket.once('data', () => socket.end(errorResponse('FATAL', '57P03', 'the database system is starting up'))),
      ),
    );
    await fails('server-starting', { ...starting, sslMode: 'disable' }, /the database system is starting up/, 'transient');
  });

  it('an error of the server that has no name of its own', async () => {
    const odd = await listen(
      createServer((socket) =>
        socket.once('data', () => socket.end(errorResponse('FATAL', '58P01', `a file is missing, said to ${secret}`))),
      ),
    );
    await fails('connection-failed', { ...odd, sslMode: 'disable' }, /a file is missing, said to \*\*\*/);
  });

  it('not-postgres', async () => {
    const web = await listen(createHttpServer((_, response) => response.end('hello')));
    for (const sslMode of ['prefer', 'disable', 'require'] as const)
      await fails('not-postgres', { ...web, sslMode }, /does not speak PostgreSQL/);
    const greeter = await listen(createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    for (const sslMode of ['prefer', 'disable'] as const) await fails('not-postgres', { ...greeter, sslMode }, /does not speak PostgreSQL/);
  });

  it('closed-unanswered', async () => {
    const silent = (socket: Socket): unknown => socket.once('data', () => socket.end());
    /** Answers the request for TLS, then closes at what follows. */
    const inAnswer = (answer: Buffer) => (socket: Socket) =>
      socket.once('data', (asked) => {
        const isRequest = asked.length === 8;
        socket.write(isRequest ? 'N' : answer);
        socket.once('data', () => socket.end(answer));
        if (!isRequest) socket.end();
      });
    const halfLogin = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
    for (const [what, sslMode] of [
      [silent, 'disable'],
      [silent, 'prefer'],
      [(socket: Socket) => socket.end(), 'disable'],
      [inAnswer(Buffer.alloc(0)), 'prefer'],
      [inAnswer(halfLogin), 'disable'],
      [inAnswer(halfLogin.subarray(0, 3)), 'disable'],
    ] as const)
      await fails('closed-unanswered', { ...(await listen(createServer(what))), sslMode }, /closed the connection/, 'transient');
  });

  /** What a session is doing when it is cut off. */
  const uses: Readonly<Record<string, (target: Target, cut: () => Promise<void>) => Promise<unknown>>> = {
    'between statements': async (target, cut) => {
      await cut();
      await target.query('SELECT 1');
    },
    'in a statement': (target, cut) => Promise.all([target.query('SELECT pg_sleep(20)'), cut()]),
    'in a transaction': (target, cut) =>
      target.transaction(async (session) => {
        await session.query('SELECT 1');
        await cut();
        await session.query('SELECT 1');
      }),
    'while it writes COPY in': async (target, cut) => {
      await target.query('CREATE TEMPORARY TABLE t (v text)');
      const copy = await target.copyIn('COPY t FROM STDIN');
      await copy.write(Buffer.from('1\n'));
      const cutting = cut();
      for (let i = 0; i < 2000; i++) await copy.write(Buffer.alloc(1_000_000, 'x\n'));
      await cutting;
    },
    'before it ends COPY in': async (target, cut) => {
      await target.query('CREATE TEMPORARY TABLE t (v text)');
      const copy = await target.copyIn('COPY t FROM STDIN');
      await copy.write(Buffer.from('1\n'));
      await cut();
      await copy.end();
    },
    'in COPY out': async (target, cut) => {
      let cutting: Promise<void> | null = null;
      for await (const piece of target.copyOut('COPY (SELECT generate_series(1, 20000000)) TO STDOUT', new AbortController().signal)) {
        assert.ok(piece.length > 0);
        cutting ??= cut();
      }
      await cutting;
    },
  };
  for (const [when, use] of Object.entries(uses)) {
    it(`connection-lost ${when}`, async () => {
      const killer = await openPostgresTarget(parsePostgresUrl(cluster.url(database), {}), 'sluice test');
      const target = await openPostgresTarget(connection(), 'sluice test');
      const pid = (await target.query('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid'] as number;
      const cut = async (): Promise<void> => {
        await killer.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
      };
      const isLoss = (error: unknown): boolean =>
        error instanceof MigrationError && error.code === 'connection-lost' && error.kind === 'transient';
      await assert.rejects(use(target, cut), isLoss);
      await assert.rejects(target.query('SELECT 1'), isLoss);
      await target.close();
      await killer.close();
    });
  }

  it('refuses a statement without a right', async () => {
    const target = await openPostgresTarget(connection(), 'sluice test');
    await assert.rejects(
      target.query('CREATE SCHEMA mine'),
      (error) => error instanceof MigrationError && error.code === 'no-privilege' && error.context.sqlstate === '42501',
    );
    await target.close();
  });

  it('finds vector in a schema of its own', async () => {
    const url = await cluster.createDatabase();
    const name = new URL(url).pathname.slice(1);
    await cluster.psql('CREATE SCHEMA "Ext"; CREATE EXTENSION vector SCHEMA "Ext"', name);
    const target = await openPostgresTarget(parsePostgresUrl(url, {}), 'sluice test');
    assert.deepEqual([target.capabilities.vectorInstalled, target.capabilities.vectorSchema], [true, 'Ext']);
    const { rows } = await target.query("SELECT '[1,0]'::vector <=> '[0,1]' AS distance, current_setting('search_path') AS path");
    assert.deepEqual({ ...rows[0] }, { distance: 1, path: 'public, "Ext"' });
    await target.close();
  });

  it('does not depend on settings of the role and the database', async () => {
    await cluster.psql(`CREATE ROLE odd LOGIN PASSWORD '${secret}'; ALTER ROLE odd SET DateStyle = 'German'; ALTER ROLE odd SET bytea_output = 'escape';
      ALTER ROLE odd SET statement_timeout = '20ms'; ALTER ROLE odd SET default_transaction_read_only = on; ALTER ROLE odd SET search_path = pg_temp; ALTER ROLE odd SET extra_float_digits = -10`);
    const target = await openPostgresTarget(connection({ user: 'odd' }), 'sluice test');
    const { rows } = await target.query(
      `SELECT '2024-12-31'::date AS day, '\\x00'::bytea AS bytes, 0.1::float8 + 0.2 AS float, pg_sleep(0.05) IS NULL AS slept`,
    );
    assert.deepEqual({ ...rows[0] }, { day: '2024-12-31', bytes: new Uint8Array([0]), float: 0.30000000000000004, slept: false });
    await target.transaction((session) => session.query('CREATE TEMPORARY TABLE writable (v integer)'));
    await target.close();
  });

  function assertNoSecret(error: MigrationError): void {
    const everything = [
      inspect(error, { depth: 20, showHidden: true }),
      JSON.stringify(toErrorShape(error)),
      String(error.stack),
      error.remedy,
      String(error),
    ];
    for (const text of everything) assert.ok(!text.includes(secret), `the password is in: ${text}`);
  }
});

function errorResponse(severity: string, sqlstate: string, message: string): Buffer {
  const fields = Buffer.from(`S${severity}\0V${severity}\0C${sqlstate}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
