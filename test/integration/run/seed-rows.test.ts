import assert from 'node:assert/strict';
import { compareRows, BrowseSession, diffSchemas, previewSql, verifyMigration } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { join } from 'node:path';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan } from '../../helpers/engine.ts';
import { ask, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

const signal = (): AbortSignal => new AbortController().signal;

/** Items of the store with two more, and routes of the target alone that refer to them. */
function seededPlan(options: PlanInput['options'] = {}): PlanInput {
  const items = {
    ...itemTable,
    seed: [
      { id: 900, name: 'test item', weight: 1.5 },
      { id: 3, name: 'not this one' },
    ],
  };
  return {
    ...storePlan([items], options),
    enums: [{ name: 'state', values: ['open', 'sent'] }],
    targetOnly: [
      {
        to: 'report_routes',
        columns: [
          { to: 'id', type: 'bigint', identity: true, nullable: false },
          { to: 'item', type: 'bigint' },
          { to: 'state', type: 'state', default: { value: 'open' } },
          { to: 'facts', type: 'jsonb' },
          { to: 'tags', type: 'text[]' },
          { to: 'at', type: 'timestamptz', default: { sql: 'now()' } },
          { to: 'share', type: 'numeric(5,2)' },
          { to: 'place', type: 'inet' },
        ],
        primaryKey: ['id'],
        foreignKeys: [{ columns: ['item'], references: 'item', referencesColumns: ['id'] }],
        seed: [
          {
            id: 7,
            item: 900,
            facts: { a: [1, "it's"] },
            tags: ['x', 'y "z"', null],
            at: '2026-01-02T03:04:05Z',
            share: 12.5,
            place: '10.0.0.1',
          },
          { id: 8, item: 1, state: 'sent', facts: 'text' },
          { id: 9 },
        ],
      },
      {
        to: 'empty_state',
        columns: [{ to: 'id', type: 'uuid', nullable: false, default: { sql: 'gen_random_uuid()' } }],
        primaryKey: ['id'],
      },
    ],
  };
}

const routes = `SELECT concat_ws('|', id, item, state, facts, tags, at AT TIME ZONE 'UTC', share, place) FROM report_routes ORDER BY id`;

describeOnBothTargets('seed rows', (withBench) => {
  it('are added once, stand on neither side of the verification, and go with their tables; a row of the source is stronger', () =>
    withBench(itemsSeed(10), async (bench) => {
      const plan = seededPlan();
      const result = await bench.run(plan);
      assert.equal(result.verification.status, 'match', JSON.stringify(result.verification));
      const [items] = result.verification.tables;
      assert.deepEqual([items?.sourceRows, items?.targetRows], [10, 10]);
      assert.deepEqual(
        result.warnings.map(({ code, message }) => [code, message]),
        [['seed-taken', 'Seed row 2 of public.item is not added: another row has its key.']],
      );
      const [rows, count, next, seeded] = await ask(
        bench,
        routes,
        `SELECT count(*) || ' ' || max(name) FROM item WHERE id IN (3, 900)`,
        `INSERT INTO report_routes DEFAULT VALUES RETURNING id`,
        `SELECT schema_name || '.' || table_name || ' ' || name FROM sluice.created_object WHERE kind = 'seed' ORDER BY ordinal`,
      );
      assert.match(
        String(rows?.[0]),
        /^7\|900\|open\|\{"a": \[1, "it's"\]\}\|\{x,"y \\"z\\"",NULL\}\|2026-01-02 03:04:05\|12\.50\|10\.0\.0\.1$/,
      );
      assert.match(String(rows?.[1]), /^8\|1\|sent\|"text"\|2/);
      assert.match(String(rows?.[2]), /^9\|open\|2/);
      assert.deepEqual(count, ['2 test item']);
      assert.deepEqual(next, ['10'], 'new rows are numbered behind the seed rows');
      assert.deepEqual(seeded, ['public.item 1', 'public.report_routes 1', 'public.report_routes 2', 'public.report_routes 3']);
      const runId = String(result.runId);
      await assert.rejects(rollBack(bench, runId), failsWith('rows-changed-since', /public\.report_routes has 4 rows; the run added 3/));
      await execute(bench, 'DELETE FROM report_routes WHERE id > 9', `UPDATE item SET name = 'mine' WHERE id = 900`);
      assert.equal(
        (await verifyMigration({ input: { kind: 'run', runId }, target: bench.choice, signal: signal() }, bench.deps)).status,
        'match',
      );
      await assert.rejects(rollBack(bench, runId), failsWith('rows-changed-since', /Seed row 1 of public\.item is not what it was/));
      await execute(bench, `UPDATE item SET name = 'test item' WHERE id = 900`);
      const { dropped } = await rollBack(bench, runId, true);
      assert.deepEqual(dropped.filter((name) => name.startsWith('table ')).toSorted(), [
        'table public.empty_state',
        'table public.item',
        'table public.report_routes',
      ]);
    }));

  it('are in the diff and in the script, and in no comparison', () =>
    withBench(itemsSeed(10), async (bench) => {
      const plan = seededPlan();
      const input = { text: JSON.stringify(plan), path: join(bench.folder, 'store.sluice.json') };
      const diff = await diffSchemas({ input, target: bench.choice, signal: signal() }, bench.deps);
      assert.equal(diff.statements.filter(({ sql }) => sql.startsWith('INSERT INTO ')).length, 5);
      const script = previewSql({ input });
      assert.ok(
        script.includes(`INSERT INTO "public"."item" ("id", "name", "weight") VALUES ('900', 'test item', '1.5') ON CONFLICT DO NOTHING;`),
        script,
      );
      const { runId } = await bench.run(plan);
      const after = await diffSchemas({ input, target: bench.choice, signal: signal() }, bench.deps);
      assert.deepEqual([after.adds, after.deletes, after.alters, after.statements], [[], [], [], []]);
      await ask(bench, `UPDATE item SET name = 'other' WHERE id = 5 RETURNING 1`);
      const session = new BrowseSession(bench.deps);
      try {
        const compared = await compareRows(
          { input: { kind: 'run', runId: String(runId) }, target: bench.choice, table: 'item', signal: signal() },
          session,
        );
        assert.deepEqual(compared.counts, { equal: 9, different: 1, missing: 0, extra: 0 });
      } finally {
        await session.close();
      }
    }));

  it('are not added twice when a run is resumed, nor to tables that are there already', () =>
    withBench(itemsSeed(10), async (bench) => {
      const plan = seededPlan();
      const stop = new AbortController();
      bench.watch((event) => {
        if (event.type === 'table' && event.phase === 'post-data' && event.table === 'public.report_routes') stop.abort();
      });
      await assert.rejects(bench.run(plan, { signal: stop.signal }), failsWith('cancelled'));
      bench.watch(() => undefined);
      const resumed = await bench.run(plan, { resume: true });
      assert.equal(resumed.verification.status, 'match');
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM report_routes', 'SELECT count(*) FROM item'), [['3'], ['11']]);
      const appended = await bench.run({ ...plan, options: { mode: 'upsert' } });
      assert.equal(appended.verification.status, 'match');
      assert.deepEqual(
        appended.warnings.map(({ code, table }) => [code, table]),
        [
          ['seed-left-out', 'public.item'],
          ['seed-left-out', 'public.report_routes'],
        ],
      );
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM report_routes', 'SELECT count(*) FROM item'), [['3'], ['11']]);
    }));

  it('of a table that only the target has are parents of rows of the source', () =>
    withBench(
      'CREATE TABLE thing (id INTEGER PRIMARY KEY, kind INTEGER); INSERT INTO thing VALUES (1, 1), (2, 2), (3, 9);',
      async (bench) => {
        const kinds = [1, 2].map((id) => ({ id, name: `kind ${id}` }));
        const plan: PlanInput = {
          ...storePlan(
            [
              {
                source: 'main',
                from: 'thing',
                to: 'thing',
                columns: [
                  { from: 'id', to: 'id', type: 'bigint', nullable: false },
                  { from: 'kind', to: 'kind', type: 'integer' },
                ],
                primaryKey: ['id'],
                foreignKeys: [{ columns: ['kind'], references: 'kind', referencesColumns: ['id'], orphans: 'quarantine' }],
              },
            ],
            { onReject: 'quarantine' },
          ),
          targetOnly: [
            {
              to: 'kind',
              columns: [
                { to: 'id', type: 'integer', nullable: false },
                { to: 'name', type: 'text' },
              ],
              primaryKey: ['id'],
              seed: kinds,
            },
          ],
        };
        const result = await bench.run(plan);
        assert.deepEqual([result.rejects, result.verification.status, result.warnings], [1, 'match', []]);
        const [key] = await ask(bench, `SELECT convalidated FROM pg_constraint WHERE conname = 'thing_kind_fkey'`);
        assert.deepEqual(key, ['true']);
      },
    ));

  it('that PostgreSQL cannot read are told before anything is made', () =>
    withBench(itemsSeed(10), async (bench) => {
      const plan = seededPlan();
      const [own, ...others] = plan.targetOnly ?? [];
      assert.ok(own);
      const seed = [{ place: 'nowhere' }];
      await execute(bench, 'SELECT 1');
      await assert.rejects(
        bench.run({ ...plan, targetOnly: [{ ...own, seed }, ...others] }),
        failsWith('seed-refused', /seed row 1 of public\.report_routes/, /inet/),
      );
      assert.deepEqual(await ask(bench, `SELECT 1 FROM pg_namespace WHERE nspname = 'sluice'`), [[]]);
    }));
});
