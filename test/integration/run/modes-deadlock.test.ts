import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgresTarget } from '../../../src/core/target/postgres/open-postgres-target.ts';
import type { Target } from '../../../src/core/target/target.ts';
import { itemTable, storePlan, withBenchOf, type Bench } from '../../helpers/engine.ts';
import { postgresTarget } from '../../helpers/cli-target.ts';
import { ask, assertProved, execute } from '../../helpers/existing-tables.ts';
import { requirePostgres, type Cluster } from '../../helpers/postgres.ts';

const rows = 80;
/** About 100 kB a row: rows 1 to 38 are the first chunk. */
const seed = `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO item SELECT i, printf('%.*c', 100000, '-'), i FROM n;`;

describe('a chunk that the server takes back because of others', function () {
  this.timeout(60_000);
  let cluster: Cluster;

  before(async function () {
    cluster = await requirePostgres(this);
  });

  it('40P01: after a deadlock it is sent again, and each row arrives once', () =>
    withBenchOf(
      () => postgresTarget(cluster),
      seed,
      async (bench) => {
        await execute(
          bench,
          'CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8)',
          // The run looks for a deadlock before the other session does, so that it is the one that is taken back.
          `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''4s''', current_database()); END $$`,
        );
        const [other, watcher] = [await openOther(bench), await openOther(bench)];
        try {
          await other.query(`SET deadlock_timeout = '50s'`);
          await other.query('BEGIN');
          await other.query(`INSERT INTO public.item VALUES (60, 'of others', 0)`);
          const running = bench.run(storePlan([itemTable], { mode: 'append', jobs: 1 }));
          // Row 60 makes the second chunk wait; then the other session wants row 50, which that chunk has.
          await untilWaiting(watcher);
          await other.query(`INSERT INTO public.item VALUES (50, 'of others', 0)`);
          await other.query('ROLLBACK');
          assertProved(await running, rows);
          await untilTrue(watcher, `SELECT deadlocks = 1 AS yes FROM pg_stat_database WHERE datname = current_database()`);
        } finally {
          await other.close();
          await watcher.close();
        }
        await assertOnce(bench);
      },
    ));

  it('40001: after a serialization failure it is sent again, and each row arrives once', () =>
    withBenchOf(
      () => postgresTarget(cluster),
      seed,
      async (bench) => {
        // A sequence is not taken back: the trigger fails for the first row 60 only.
        await execute(
          bench,
          'CREATE TABLE public.item (id bigint PRIMARY KEY, name text, weight float8); CREATE SEQUENCE public.tries',
          `CREATE FUNCTION public.fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF NEW.id = 60 AND nextval('public.tries') = 1 THEN RAISE 'could not serialize access' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$`,
          'CREATE TRIGGER fail_once BEFORE INSERT ON public.item FOR EACH ROW EXECUTE FUNCTION public.fail_once()',
        );
        assertProved(await bench.run(storePlan([itemTable], { mode: 'append', jobs: 1 })), rows);
        assert.deepEqual(await ask(bench, 'SELECT last_value FROM public.tries'), [['2']]);
        await assertOnce(bench);
      },
    ));
});

async function openOther({ choice }: Bench): Promise<Target> {
  assert.ok(choice.kind === 'postgres');
  return openPostgresTarget(choice.connection, 'sluice test, another session');
}

function untilWaiting(watcher: Target): Promise<void> {
  return untilTrue(
    watcher,
    `SELECT count(*) > 0 AS yes FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO "public"."item"%'`,
  );
}

async function untilTrue(watcher: Target, sql: string): Promise<void> {
  while ((await watcher.query(sql)).rows[0]?.['yes'] !== true) await sleep(20);
}

/** In the table, in the ledger and in the checkpoints. */
async function assertOnce(bench: Bench): Promise<void> {
  const [counted] = await ask(
    bench,
    `SELECT concat_ws(' ', count(*), count(DISTINCT id), sum(id), (SELECT count(*) FROM sluice.undo), (SELECT sum(rows_written) FROM sluice.checkpoint)) FROM public.item`,
  );
  assert.deepEqual(counted, [`${rows} ${rows} ${(rows * (rows + 1)) / 2} ${rows} ${rows}`]);
}
