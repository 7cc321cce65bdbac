import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { TargetExamination } from '../../src/core/run/requests.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import type { Target } from '../../src/core/target/target.ts';
import { checkOf, examine, inState } from '../helpers/examine.ts';
import { freePort } from '../helpers/free-port.ts';
import { startOldServer, startOtherServer } from '../helpers/old-server.ts';
import { requirePostgres, startCluster, type Cluster, type OwnCluster } from '../helpers/postgres.ts';
import { parseFailure, parseRun, runCli } from '../helpers/run-cli.ts';

/** With what an address, a shell and SQL must escape. */
const password = `pw-Qx7 %2F'"\\@:/?#é`;
const secrets = [password, encodeURIComponent(password), 'Qx7'];

describe('sluice doctor looks at a connection', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let database: string;
  const servers: Server[] = [];
  let folder: string;
  const store = (): string => join(folder, 'shop.db');

  before(async function () {
    cluster = await requirePostgres(this);
    folder = mkdtempSync(join(tmpdir(), 'sluice-doctor-'));
    const shop = new Database(store());
    shop.exec("CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO orders VALUES (1, 'a'), (2, 'b')");
    shop.close();
    database = new URL(await cluster.createDatabase()).pathname.slice(1);
    await cluster.createUser('Dr "Who"', password);
  });
  after(() => {
    servers.forEach((server) => server.close());
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const url = (name = database, user = 'Dr "Who"', port = cluster.port): string =>
    cluster.url(name, { user, password }).replace(`:${cluster.port}/`, `:${port}/`);
  const look = (address: string, createDatabase = false): Promise<TargetExamination> => examine(address, { secrets, createDatabase });
  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  /** As an administrator. */
  const mend = async (commands: readonly string[], name = database): Promise<string> => cluster.psql(commands.join('\n'), name);

  describe('that nobody answers', () => {
    const failing = async (address: string, code: string, said: RegExp): Promise<TargetExamination> => {
      const found = await look(address);
      const reach = checkOf(found, 'reach');
      assert.deepEqual([reach.state, reach.code, found.error?.code, found.diagnosis], ['failed', code, code, null]);
      assert.match(`${reach.message} ${reach.remedy}`, said);
      assert.equal(inState(found, 'skipped').length, found.checks.length - 1);
      return found;
    };
    it('a closed port', async () => {
      const port = await freePort();
      const found = await failing(
        url(database, 'x', port),
        'server-not-running',
        /No PostgreSQL server answers at 127\.0\.0\.1, port \d+\. Start/,
      );
      assert.deepEqual(checkOf(found, 'reach').commands, [`pg_isready -h 127.0.0.1 -p ${port}`]);
    });
    it('a host without an address', () =>
      failing(url().replace('127.0.0.1', 'no-such-host.invalid'), 'host-not-found', /no host named "no-such-host\.invalid"/));
    it('a host that takes the connection and says nothing', async () =>
      failing(
        url(database, 'x', await listen(createServer(() => {}))),
        'connection-timeout',
        /takes the connection and then does not answer.*pooler/,
      ));
    it('a web server', async () =>
      failing(
        url(database, 'x', await listen(createHttpServer((_, response) => response.end('hello')))),
        'not-postgres',
        /does not speak PostgreSQL's protocol.*5432/,
      ));
  });

  describe('that the login ends', () => {
    for (const [what, address, code] of [
      ['a wrong password', () => cluster.url(database, { user: 'Dr "Who"', password: `${password}!` }), 'wrong-password'],
      ['a user that does not exist', () => url(database, 'nobody at all'), 'wrong-password'],
      ['no password', () => cluster.url(database, { user: 'Dr "Who"' }), 'password-missing'],
    ] as const) {
      it(what, async () => {
        const found = await look(address());
        assert.deepEqual([inState(found, 'failed'), found.error?.code], [['login'], code]);
        assert.deepEqual(inState(found, 'ok'), ['reach', 'tls']);
      });
    }
    it('a role without LOGIN, which the command mends', async () => {
      await cluster.psql(`CREATE ROLE doctor_asleep NOLOGIN PASSWORD '${password.replaceAll("'", "''")}'`);
      const found = await look(url(database, 'doctor_asleep'));
      assert.equal(found.error?.code, 'role-not-allowed');
      await mend(checkOf(found, 'login').commands);
      assert.equal(checkOf(await look(url(database, 'doctor_asleep')), 'login').state, 'ok');
    });
    it('a role with its connections used up, which the command mends', async () => {
      await cluster.psql(`CREATE ROLE doctor_crowded LOGIN CONNECTION LIMIT 0 PASSWORD '${password.replaceAll("'", "''")}'`);
      const found = await look(url(database, 'doctor_crowded'));
      assert.deepEqual([inState(found, 'failed'), found.error?.code], [['connections'], 'too-many-connections']);
      await mend(checkOf(found, 'connections').commands);
      assert.equal(checkOf(await look(url(database, 'doctor_crowded')), 'connections').state, 'ok');
    });
  });

  describe('whose database is missing or closed', () => {
    it('goes on through another database of the server', async () => {
      const found = await look(url('not "there" yet'));
      assert.deepEqual([inState(found, 'failed'), found.error?.code], [['database'], 'no-such-database']);
      assert.deepEqual(inState(found, 'skipped'), ['encoding', 'rights', 'room', 'role']);
      assert.match(checkOf(found, 'vector').message, /pgvector \d\S* can be created/);
      assert.match(checkOf(found, 'version').message, /^PostgreSQL \d+/);
      assert.match(checkOf(found, 'database').remedy ?? '', /--create-database.*Create Database/);
      await mend(checkOf(found, 'database').commands);
      assert.equal(checkOf(await look(url('not "there" yet')), 'database').state, 'ok');
      await cluster.dropDatabase('not "there" yet');
    });
    it('no right CONNECT, which the command mends', async () => {
      const closed = new URL(await cluster.createDatabase()).pathname.slice(1);
      await cluster.psql(`REVOKE CONNECT ON DATABASE "${closed}" FROM PUBLIC`);
      const found = await look(url(closed));
      assert.deepEqual([inState(found, 'failed'), found.error?.code], [['database'], 'no-privilege']);
      await mend(checkOf(found, 'database').commands);
      assert.equal(checkOf(await look(url(closed)), 'database').state, 'ok');
    });
    it('is made on request only, whatever its name, and belongs to the user', async () => {
      const name = `Odd "name"; -- ${process.pid}`;
      const refused = await look(url(name), true);
      assert.deepEqual([inState(refused, 'failed'), refused.error?.code], [['database'], 'no-privilege']);
      await mend(checkOf(refused, 'database').commands);
      try {
        assert.equal((await look(url(name))).error?.code, 'no-such-database', 'nothing is made without request');
        const both = await Promise.all([look(url(name), true), look(url(name), true)]);
        assert.deepEqual(
          both.map((found) => checkOf(found, 'database').state),
          ['ok', 'ok'],
          'two at once',
        );
        assert.ok(both.some((found) => /was made just now/.test(checkOf(found, 'database').message)));
        const facts = await cluster.psql(
          `SELECT pg_encoding_to_char(encoding), pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${name}'`,
        );
        assert.equal(facts, 'UTF8|Dr "Who"');
      } finally {
        await cluster.psql('ALTER ROLE "Dr ""Who""" NOCREATEDB');
        await cluster.dropDatabase(name);
      }
    });
  });

  describe('of a user with too few rights', () => {
    it('tells each with a GRANT that mends it', async () => {
      await cluster.createUser('guest', password);
      await cluster.psql('CREATE EXTENSION IF NOT EXISTS vector', database);
      const found = await look(url(database, 'guest'));
      assert.deepEqual([inState(found, 'failed'), found.error?.code], [['rights'], 'no-privilege']);
      assert.ok(found.diagnosis !== null, 'it can be looked at all the same');
      await mend(checkOf(found, 'rights').commands);
      const again = await look(url(database, 'guest'));
      assert.deepEqual([inState(again, 'failed'), inState(again, 'warning')], [[], ['rights']]);
      await mend(checkOf(again, 'rights').commands);
      assert.deepEqual(inState(await look(url(database, 'guest')), 'warning'), []);
    });
    it('pgvector in a schema that is closed to him', async () => {
      const name = new URL(await cluster.createDatabase()).pathname.slice(1);
      await cluster.psql('CREATE SCHEMA "Ext"; CREATE EXTENSION vector SCHEMA "Ext"', name);
      const found = await look(url(name));
      assert.equal(checkOf(found, 'vector').code, 'no-privilege');
      await mend(checkOf(found, 'vector').commands, name);
      assert.match(checkOf(await look(url(name)), 'vector').message, /in schema "Ext"/);
    });
    it('pgvector that only a superuser may create', async () => {
      const name = new URL(await cluster.createDatabase()).pathname.slice(1);
      const found = await look(url(name));
      assert.deepEqual([checkOf(found, 'vector').state, checkOf(found, 'vector').commands], ['warning', ['CREATE EXTENSION vector;']]);
      assert.equal(await cluster.psql("SELECT count(*) FROM pg_extension WHERE extname = 'vector'", name), '0', 'looking creates nothing');
      await mend(checkOf(found, 'vector').commands, name);
      assert.equal(checkOf(await look(url(name)), 'vector').state, 'ok');
    });
  });

  it('a superuser is offered a role with just the rights of a run, which are enough', async () => {
    const name = new URL(await cluster.createDatabase()).pathname.slice(1);
    const role = checkOf(await look(cluster.url(name)), 'role');
    assert.deepEqual([role.state, role.code], ['warning', 'superuser-login']);
    assert.ok(role.commands.some((command) => command.startsWith('\\password')));
    const withPassword = role.commands.map((command) =>
      command.startsWith('\\password') ? `ALTER ROLE sluice_loader PASSWORD '${password.replaceAll("'", "''")}';` : command,
    );
    await mend(withPassword, name);
    const scoped = url(name, 'sluice_loader');
    const found = await look(scoped);
    assert.deepEqual([inState(found, 'failed'), inState(found, 'warning')], [[], []]);
    const outcome = await runCli(['run', store(), '--target', 'env:SCOPED', '--json'], { environment: { SCOPED: scoped } });
    assert.equal(parseRun(outcome).verification.status, 'match');
    // The state of its runs is there now, and another role has to get at it.
    const next = checkOf(await look(cluster.url(name)), 'role').commands;
    assert.ok(next.some((command) => /TABLES IN SCHEMA sluice/.test(command)));
  });

  describe('of a server or database with properties of its own', () => {
    for (const encoding of ['LATIN1', 'SQL_ASCII']) {
      it(`the encoding ${encoding}`, async () => {
        const name = `enc_${encoding.toLowerCase()}_${process.pid}`;
        await cluster.psql(`CREATE DATABASE ${name} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`);
        const check = checkOf(await look(cluster.url(name)), 'encoding');
        assert.deepEqual([check.state, check.code], ['warning', 'encoding-not-utf8']);
        assert.match(check.message, new RegExp(encoding));
        await mend(check.commands);
        assert.equal(checkOf(await look(cluster.url(`${name}_utf8`)), 'encoding').state, 'ok');
        await Promise.all([name, `${name}_utf8`].map((made) => cluster.dropDatabase(made)));
      });
    }
    it('transactions that are read-only by default', async () => {
      await cluster.createUser('reader', password);
      await cluster.psql('ALTER ROLE reader SET default_transaction_read_only = on');
      const check = checkOf(await look(url(database, 'reader')), 'writable');
      assert.deepEqual([check.state, check.code], ['warning', 'read-only-by-default']);
      assert.match(await mend(check.commands), /reader\|\{default_transaction_read_only=on\}/);
    });
    it('a server that is too old', async () => {
      const old = await startOldServer(cluster.port, { text: '12.22', number: 120_022 });
      try {
        const found = await look(url(database, 'Dr "Who"', old.port));
        assert.deepEqual([inState(found, 'failed'), found.error?.code], [['version'], 'server-too-old']);
        assert.equal(checkOf(found, 'vector').state, 'skipped');
      } finally {
        await old.close();
      }
    });
    it('a server without pgvector', async () => {
      const answers = { vector_version: null, vector_available: null, vector_installed: null, vector_schema: null };
      const bare = await startOtherServer(cluster.port, answers);
      try {
        const check = checkOf(await look(url(database, 'Dr "Who"', bare.port)), 'vector');
        assert.deepEqual([check.state, check.code], ['warning', 'vector-missing']);
        assert.match(check.commands[0] ?? '', /^sudo apt install postgresql-\d+-pgvector$|pgvector/);
        assert.equal(check.commands.at(-1), 'CREATE EXTENSION vector;');
      } finally {
        await bare.close();
      }
    });
    it('a pgvector without HNSW, installed and on the server', async () => {
      const name = new URL(await cluster.createDatabase()).pathname.slice(1);
      const old = await startOtherServer(cluster.port, { vector_available: '0.4.4', vector_version: '0.4.4' });
      try {
        const check = checkOf(await look(url(name, 'Dr "Who"', old.port)), 'vector');
        assert.deepEqual([check.state, check.code], ['warning', 'vector-too-old']);
      } finally {
        await old.close();
      }
      await cluster.psql(`CREATE EXTENSION vector; UPDATE pg_extension SET extversion = '0.4.4' WHERE extname = 'vector'`, name);
      const check = checkOf(await look(url(name)), 'vector');
      assert.deepEqual([check.code, check.commands], ['vector-too-old', ['ALTER EXTENSION vector UPDATE;']]);
    });
  });

  it('makes the database of a run on request, once, and a roll back keeps it and says so', async () => {
    const name = `made "here" ${process.pid}`;
    await cluster.psql(`CREATE ROLE maker LOGIN CREATEDB PASSWORD '${password.replaceAll("'", "''")}'`);
    const environment = { MADE: url(name, 'maker') };
    const cli = (...words: string[]): ReturnType<typeof runCli> => runCli([...words, '--target', 'env:MADE', '--json'], { environment });
    const there = (): Promise<string> => cluster.psql(`SELECT count(*) FROM pg_database WHERE datname = '${name}'`);
    assert.equal(parseFailure(await cli('run', store()), 1).code, 'no-such-database');
    assert.equal(await there(), '0', 'nothing is made without request');
    const result = parseRun(await cli('run', store(), '--create-database'));
    assert.equal(result.verification.status, 'match');
    const facts = await cluster.psql(
      `SELECT pg_encoding_to_char(encoding), pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${name}'`,
    );
    assert.equal(facts, 'UTF8|maker');
    const report = JSON.parse((await cli('report', result.runId)).stdout) as { createdObjects: readonly { kind: string; name: string }[] };
    assert.deepEqual(
      report.createdObjects.filter(({ kind }) => kind === 'database').map((object) => object.name),
      [name],
    );
    const back = JSON.parse((await cli('rollback', result.runId)).stdout) as { kept: readonly string[] };
    assert.ok(back.kept.includes(`database ${name}`), back.kept.join());
    assert.equal(await there(), '1');
    await cluster.dropDatabase(name);
  });
});

describe('sluice doctor looks at a server of its own', function () {
  this.timeout(120_000);
  let cluster: OwnCluster;
  before(async function () {
    await requirePostgres(this);
    cluster = await startCluster({ settings: { max_connections: '8', max_wal_size: '1GB' } });
    await cluster.createUser('app', password);
  });
  after(() => cluster?.remove());
  const url = (): string => cluster.url('postgres', { user: 'app', password });
  const look = (address = url()): Promise<TargetExamination> => examine(address, { secrets });

  it('names the settings that are worth raising, which are not wrong', async () => {
    const memory = checkOf(await look(), 'memory');
    assert.equal(memory.state, 'ok');
    assert.match(memory.remedy ?? '', /max_wal_size and shared_buffers is worth raising/);
    await cluster.psql(memory.commands.join('\n'));
  });

  it('has no free connection: for users, and for anybody', async () => {
    const held: Target[] = [];
    const hold = async (address: string, codes: string[]): Promise<void> => {
      for (;;) {
        try {
          held.push(await openPostgresTarget(parsePostgresUrl(address, {}), 'holder'));
        } catch (error) {
          codes.push((error as { code: string }).code);
          return;
        }
      }
    };
    try {
      const codes: string[] = [];
      await hold(url(), codes);
      const users = await look();
      assert.deepEqual([inState(users, 'failed'), users.error?.code], [['connections'], 'too-many-connections']);
      assert.match(checkOf(users, 'connections').message, /reserved/);
      await hold(cluster.url('postgres'), codes);
      assert.match(checkOf(await look(), 'connections').message, /too many clients/);
      assert.deepEqual(codes, ['too-many-connections', 'too-many-connections']);
    } finally {
      await Promise.all(held.map((target) => target.close()));
    }
    await cluster.psql('ALTER ROLE app CONNECTION LIMIT 2');
    const few = checkOf(await look(), 'connections');
    assert.deepEqual([few.state, few.code], ['warning', 'few-connections']);
    await cluster.psql('ALTER ROLE app CONNECTION LIMIT -1');
  });

  it('a host that pg_hba.conf does not name, which the line mends', async () => {
    const file = join(cluster.folder, 'data', 'pg_hba.conf');
    writeFileSync(file, 'local all all trust\nhost all postgres 127.0.0.1/32 trust\n');
    const reloaded = async (wanted: 'failed' | 'ok'): Promise<TargetExamination> => {
      await cluster.psql('SELECT pg_reload_conf()');
      for (;;) {
        const found = await look();
        if (checkOf(found, 'login').state === wanted) return found;
      }
    };
    const found = await reloaded('failed');
    assert.equal(found.error?.code, 'role-not-allowed');
    const line = /# a line for that file: (.*)$/.exec(
      checkOf(found, 'login').commands.find((command) => command.startsWith('#')) ?? '',
    )?.[1];
    assert.match(line ?? '', /^host postgres app 127\.0\.0\.1\/32 scram-sha-256$/);
    appendFileSync(file, `${line}\n`);
    await reloaded('ok');
  });

  it('a standby', async () => {
    await cluster.stop();
    writeFileSync(join(cluster.folder, 'data', 'standby.signal'), '');
    await cluster.start();
    const found = await look();
    assert.deepEqual([checkOf(found, 'writable').state, found.error?.code], ['failed', 'target-read-only']);
    assert.ok(found.diagnosis !== null, 'its rows can be looked at');
  });

  it('a server that is shutting down', async () => {
    const held = await openPostgresTarget(parsePostgresUrl(url(), {}), 'holder');
    process.kill(cluster.pid, 'SIGTERM');
    let found = await look();
    while (found.error?.code !== 'server-starting') found = await look();
    assert.match(checkOf(found, 'reach').message, /shutting down/);
    await held.close();
  });
});
