import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import Database from 'better-sqlite3';
import { MigrationError, toErrorShape } from '../../src/core/errors.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import { checkOf, examine, inState } from '../helpers/examine.ts';
import { requirePgbouncer, startPgbouncer, type Pooler, type PoolerSettings } from '../helpers/pgbouncer.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseFailure, parseRun, runCli } from '../helpers/run-cli.ts';

const password = `pg-Zt5 %2F'"@:/?#`;
const secrets = [password, encodeURIComponent(password), 'Zt5'];

describe('a connection pooler before the server', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let database: string;
  let folder: string;
  let pooler: Pooler | null = null;

  before(async function () {
    cluster = await requirePostgres(this);
    requirePgbouncer(this);
    database = new URL(await cluster.createDatabase()).pathname.slice(1);
    await cluster.createUser('pooled', password);
    await cluster.psql(
      'GRANT CREATE ON SCHEMA public TO pooled; GRANT CREATE ON DATABASE current TO pooled'.replace('current', `"${database}"`),
      database,
    );
    folder = mkdtempSync(join(tmpdir(), 'sluice-pooled-'));
    const store = new Database(join(folder, 'shop.db'));
    store.exec("CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO orders VALUES (1, 'a'), (2, 'b')");
    store.close();
  });
  afterEach(async () => {
    await pooler?.close();
    pooler = null;
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  async function start(
    mode: PoolerSettings['mode'],
    settings: PoolerSettings['settings'] = {},
  ): Promise<(name: string, given?: string) => string> {
    const databases = { shop: `dbname=${database}`, gone: 'dbname=gone', single: `dbname=${database} pool_size=1` };
    pooler = await startPgbouncer(cluster, { mode, databases, users: { pooled: password }, settings });
    const { port } = pooler;
    return (name, given = password) => cluster.url(name, { user: 'pooled', password: given }).replace(`:${cluster.port}/`, `:${port}/`);
  }

  for (const mode of ['transaction', 'statement'] as const) {
    for (const [how, settings] of [
      ['the last connection first', {}],
      ['its connections in turn', { server_round_robin: 1, min_pool_size: 4 }],
    ] as const) {
      it(`${mode} mode, which takes ${how}, is told and refused before anything is set or made`, async () => {
        const url = await start(mode, settings);
        const found = await examine(url('shop'), { secrets });
        assert.deepEqual([inState(found, 'failed'), found.error?.code, found.diagnosis], [['pooling'], 'transaction-pooling', null]);
        assert.match(checkOf(found, 'pooling').message, new RegExp(`in ${mode} mode`));
        assert.match(checkOf(found, 'pooling').remedy ?? '', /address of the server itself.*pool_mode=session/);
        const environment = { POOLED: url('shop') };
        const outcome = await runCli(['run', join(folder, 'shop.db'), '--target', 'env:POOLED', '--json', '--verbose'], { environment });
        assert.equal(parseFailure(outcome, 1).code, 'transaction-pooling');
        for (const secret of secrets) assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(secret));
        assert.equal(await cluster.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'", database), '0');
      });
    }
  }

  it('session mode is told, and a run through it arrives', async () => {
    const url = await start('session');
    const found = await examine(url('shop'), { secrets });
    assert.deepEqual([inState(found, 'failed'), checkOf(found, 'pooling').state], [[], 'ok']);
    assert.match(checkOf(found, 'pooling').message, /keeps sessions/);
    const outcome = await runCli(['run', join(folder, 'shop.db'), '--target', 'env:POOLED', '--json'], {
      environment: { POOLED: url('shop') },
    });
    assert.equal(parseRun(outcome).verification.status, 'match');
  });

  it('what it says itself is named, without a secret', async () => {
    const url = await start('session', { server_login_retry: 1 });
    const failures = [
      [url('nowhere'), 'no-such-database'],
      [url('gone'), 'no-such-database'],
      [url('shop', `${password}!`), 'wrong-password'],
    ] as const;
    for (const [address, code] of failures) assert.equal((await failure(address)).code, code);
  });

  it('whose sessions are all in use does not keep anybody waiting for ever', async () => {
    const url = await start('session');
    const held = await openPostgresTarget(parsePostgresUrl(url('single'), {}), 'holder', { connectTimeoutMs: 500 });
    assert.equal(held.wire?.pooling, 'unknown', 'a second connection does not get through');
    assert.equal((await failure(url('single'))).code, 'pooler-without-session');
    await held.close();
  });

  async function failure(address: string): Promise<MigrationError> {
    try {
      await openPostgresTarget(parsePostgresUrl(address, {}), 'sluice test', { connectTimeoutMs: 3000 });
    } catch (error) {
      assert.ok(error instanceof MigrationError, inspect(error));
      const said = [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(toErrorShape(error)), error.remedy].join('\n');
      for (const secret of secrets) assert.ok(!said.includes(secret), 'a secret is in what is said');
      return error;
    }
    assert.fail('it connected');
  }
});
