import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import type { EngineEvent, TargetChoice } from '../../../src/core/index.ts';
import { itemsSeed, itemTable, storePlan, withBenchOf, type Bench } from '../../helpers/engine.ts';
import { ask, contents, execute, failsWith } from '../../helpers/existing-tables.ts';
import { postgresTarget } from '../../helpers/cli-target.ts';
import { requirePostgres, type Cluster } from '../../helpers/postgres.ts';

const rows = 20_000;
const plan = storePlan([itemTable], { mode: 'sync' });

describe('mode sync while it compares (PostgreSQL)', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  before(async function () {
    cluster = await requirePostgres(this);
  });
  const withItems = (work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBenchOf(() => postgresTarget(cluster), itemsSeed(rows), work);

  it('tells the phase and its rows, and what is cancelled there ends at once, has changed nothing and is resumed', () =>
    withItems(async (bench) => {
      await bench.run(plan);
      const loaded = await contents(bench);
      const store = new Database(bench.store);
      store.exec("UPDATE item SET name = 'new' WHERE id % 2 = 0");
      store.close();
      const controller = new AbortController();
      let abortedAt = 0;
      bench.watch((event) => {
        if (event.type !== 'progress' || event.phase !== 'compare' || event.rows === 0 || abortedAt > 0) return;
        abortedAt = performance.now();
        controller.abort();
      });
      await assert.rejects(bench.run(plan, { signal: controller.signal }), failsWith('cancelled'));
      // 0.7 s of grace, and what ends all connections.
      assert.ok(performance.now() - abortedAt < 1_500, `${performance.now() - abortedAt} ms`);
      assert.deepEqual(await contents(bench), loaded);

      bench.events.length = 0;
      const resumed = await bench.run(plan, { resume: true });
      assert.deepEqual([resumed.tables[0]?.rowsWritten, resumed.verification.status], [rows / 2, 'match']);
      assert.deepEqual(phases(bench.events), ['open', 'pre-data', 'compare', 'data', 'post-data', 'verify']);
      const told = bench.events.flatMap((event) => (event.type === 'progress' && event.phase === 'compare' ? [event] : []));
      assert.ok(told.length > 1);
      assert.deepEqual([told.at(-1)?.rows, told.at(-1)?.totalRows], [rows, rows]);
      assert.deepEqual(
        told.map((event) => event.rows),
        told.map((event) => event.rows).toSorted((a, b) => a - b),
      );
    }));

  it('rights that only deleting takes are asked for before the first write, with their GRANT', async () => {
    await cluster.createUser('mover', 'secret');
    await withItems(async (bench) => {
      await bench.run(plan);
      assert.ok(bench.choice.kind === 'postgres');
      const mover: TargetChoice = { ...bench.choice, connection: { ...bench.choice.connection, user: 'mover', password: 'secret' } };
      await execute(
        bench,
        `CREATE TABLE public.part (item bigint REFERENCES public.item); GRANT USAGE, CREATE ON SCHEMA public TO mover; GRANT USAGE ON SCHEMA sluice TO mover;
         GRANT ALL ON ALL TABLES IN SCHEMA sluice TO mover; GRANT SELECT, INSERT ON public.item TO mover;
         DO $$ BEGIN EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO mover', current_database()); END $$`,
      );
      const applying = { ...plan, options: { ...plan.options, deletions: 'apply' as const } };
      const runs = 'SELECT count(*) FROM sluice.run';
      await assert.rejects(
        bench.run(applying, { target: mover }),
        failsWith(
          'no-privilege',
          /no right DELETE, UPDATE|no right UPDATE, DELETE/,
          /no right SELECT on table public\.part[\s\S]*GRANT SELECT ON TABLE "public"\."part"/,
        ),
      );
      await assert.rejects(
        bench.run(plan, { target: mover }),
        failsWith('no-privilege', /no right UPDATE on table public\.item/, /no right SELECT, UPDATE on sequence public\.item_id_seq/),
      );
      assert.deepEqual(await ask(bench, runs), [['1']]);
      await execute(bench, 'GRANT UPDATE ON public.item TO mover', 'GRANT SELECT, UPDATE ON SEQUENCE public.item_id_seq TO mover');
      assert.equal((await bench.run(plan, { target: mover })).verification.status, 'match');
    });
  });
});

function phases(events: readonly EngineEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []));
}
