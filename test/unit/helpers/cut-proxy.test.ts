import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { startCutProxy, type Cut } from '../../helpers/cut-proxy.ts';
import { requirePostgres, type Cluster } from '../../helpers/postgres.ts';

describe('a proxy that cuts connections', () => {
  let cluster: Cluster;
  let url: string;

  before(async function () {
    cluster = await requirePostgres(this);
    url = await cluster.createDatabase();
  });

  beforeEach(() => cluster.psql('DROP TABLE IF EXISTS lines; CREATE TABLE lines (line text)', database()));

  after(async () => {
    if (url !== undefined) await cluster.dropDatabase(database());
  });

  function database(): string {
    return new URL(url).pathname.slice(1);
  }

  async function through<T>(cuts: readonly Cut[], work: (client: pg.Client) => Promise<T>): Promise<{ made: number; result: T | Error }> {
    const proxy = await startCutProxy(cluster.port, cuts);
    const client = new pg.Client({ host: '127.0.0.1', port: proxy.port, user: 'postgres', database: database() });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const result = await work(client).catch((error: unknown) => error as Error);
      return { made: proxy.made.length, result };
    } finally {
      await client.end().catch(() => undefined);
      await proxy.close();
    }
  }

  async function copyInTransaction(client: pg.Client, text: string): Promise<void> {
    await client.query('BEGIN');
    await pipeline(Readable.from([text]), client.query(copyFrom('COPY lines FROM STDIN')));
    await client.query('COMMIT');
  }

  async function countOnceQuiet(): Promise<string> {
    await sleep(100);
    return cluster.psql('SELECT count(*) FROM lines', database());
  }

  it('passes everything on when no cut is wanted', async () => {
    const long = 'x'.repeat(300_000);
    const { made, result } = await through([], async (client) => {
      await copyInTransaction(client, `${long}\nb\n`);
      return (await client.query('SELECT line FROM lines ORDER BY line DESC')).rows;
    });
    assert.equal(made, 0);
    assert.deepEqual(result, [{ line: long }, { line: 'b' }]);
  });

  it('keeps the answer to the nth COMMIT from the client although the server committed', async () => {
    const { made, result } = await through([{ at: 'commit-answer', nth: 2 }], async (client) => {
      await copyInTransaction(client, 'one\n');
      // Without a COPY in it, a transaction does not count.
      await client.query('BEGIN');
      await client.query('COMMIT');
      await copyInTransaction(client, 'two\n');
    });
    assert.equal(made, 1);
    assert.match(String(result), /terminated/i);
    assert.equal(await countOnceQuiet(), '2');
  });

  it('drops the connection in the middle of a COPY', async () => {
    const rows = 'a line of some length\n'.repeat(50_000);
    const { made, result } = await through([{ at: 'copy', nth: 1, afterBytes: 100_000 }], (client) => copyInTransaction(client, rows));
    assert.equal(made, 1);
    assert.ok(result instanceof Error);
    assert.equal(await countOnceQuiet(), '0');
  });
});
