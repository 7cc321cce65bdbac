import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrowseSession, compareRows, rowsCount } from '../../../src/core/index.ts';
import type { TargetChoice } from '../../../src/core/index.ts';
import { postgresTarget, type CliTarget } from '../../helpers/cli-target.ts';
import { createEngine, type Engine } from '../../../src/cli/create-engine.ts';
import { chooseTarget } from '../../../src/cli/target-choice.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';
import { requirePostgres, type Cluster } from '../../helpers/postgres.ts';

const never = new AbortController().signal;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('sessions for browsing (PostgreSQL)', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let target: CliTarget;
  let engine: Engine;
  let session: BrowseSession;
  let choice: TargetChoice;

  before(async function () {
    cluster = await requirePostgres(this);
    target = await postgresTarget(cluster);
    const environment = { ...process.env, ...target.environment };
    engine = createEngine({ log: silent, emit: () => undefined, environment });
    choice = chooseTarget({ flag: target.flag }, { cwd: '/', environment, warn: () => undefined });
    session = new BrowseSession(engine.deps, { idleMs: 300 });
  });
  after(async () => {
    await session?.close();
    await engine?.close();
    await target?.remove();
  });

  const open = async (): Promise<number> =>
    Number(
      (await target.query(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'`))[0],
    );
  const ask = (work = 'SELECT 1 AS one', signal = never): Promise<unknown> => session.withTarget(choice, signal, (one) => one.query(work));

  it('are at most four, are used again, and are closed when they are idle', async () => {
    await Promise.all(Array.from({ length: 10 }, () => ask('SELECT pg_sleep(0.05)')));
    assert.equal(await open(), 4);
    await ask();
    assert.equal(await open(), 4);
    await sleep(600);
    assert.equal(await open(), 0);
    await ask();
    assert.equal(await open(), 1);
  });

  it('are opened anew when the server dropped them', async () => {
    await Promise.all([ask('SELECT pg_sleep(0.05)'), ask('SELECT pg_sleep(0.05)')]);
    await target.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'`,
    );
    await Promise.all([ask(), ask(), ask()]);
  });

  it('cancel what they do when it is aborted', async () => {
    const controller = new AbortController();
    const slow = ask('SELECT pg_sleep(30)', controller.signal);
    setTimeout(() => controller.abort(), 200);
    await assert.rejects(slow, { code: 'cancelled' });
    await sleep(200);
    assert.deepEqual(
      await target.query(
        `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()`,
      ),
      [],
    );
    await ask();
  });

  it('of another password are other sessions', async () => {
    if (choice.kind !== 'postgres') throw new Error('a server was expected');
    await cluster.createUser('browse_user', 'right');
    const login = { ...choice.connection, user: 'browse_user', password: 'right' };
    const as = (password: string): Promise<unknown> =>
      session.withTarget({ kind: 'postgres', name: 'x', connection: { ...login, password } }, never, (one) => one.query('SELECT 1'));
    await as('right');
    await assert.rejects(as('wrong'), { code: 'wrong-password' });
  });
});

describeOnBothTargets('a browsing session beside other work', (withBench) => {
  it('shares the way to the database with a comparison, lets go of it when idle, and closes cleanly', () =>
    withBench(itemsSeed(500), async ({ run, choice, deps, events: _ }) => {
      const first = await run(storePlan([itemTable]));
      const session = new BrowseSession(deps, { idleMs: 200 });
      const subject = { side: 'target', target: choice, schema: 'public', table: 'item' } as const;
      const input = { kind: 'run', runId: first.runId! } as const;
      const [count, compared, again] = await Promise.all([
        rowsCount({ subject, filter: null, signal: never }, session),
        compareRows({ input, target: choice, table: 'item', signal: never }, session),
        rowsCount({ subject, filter: 'id > 250', signal: never }, session),
      ]);
      assert.deepEqual([count, compared.counts.equal, again], [500, 500, 250]);
      await sleep(700);
      // Nobody holds the embedded database now, so that another owner can have it.
      assert.equal((await run(storePlan([{ ...itemTable, to: 'item2' }]))).status, 'done');
      assert.equal(await rowsCount({ subject, filter: null, signal: never }, session), 500);
      await session.close();
      await assert.rejects(rowsCount({ subject, filter: null, signal: never }, session), { code: 'cancelled' });
    }));
});
