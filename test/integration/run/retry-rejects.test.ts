import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { listRejects, MigrationError, retryRejects, rollBackRun, type RetryResult } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { assertVerified } from '../../helpers/assert-verified.ts';
import { describeOnBothTargets, itemsSeed, itemTable, storePlan, type Bench } from '../../helpers/engine.ts';

type PlanTable = PlanInput['tables'][number];

const quarantine = { onReject: 'quarantine' } as const;

/** `item` with another type, converter or rule for one column. */
function mended(table: PlanTable, column: string, changes: Partial<NonNullable<PlanTable['columns']>[number]>): PlanTable {
  return { ...table, columns: (table.columns ?? []).map((other) => (other.to === column ? { ...other, ...changes } : other)) };
}

describeOnBothTargets('retry of rejected rows', (withBench) => {
  it('S03 integers, a text, a real and bytes: rejects say what they are; the rows go in as the plan is mended, the last one with a converter', () =>
    withBench(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, v INTEGER);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO item SELECT i, i * 3 FROM n;
       INSERT INTO item VALUES (1001, 5), (1002, 'abc'), (1003, 1.5), (1004, x'6869');`,
      async (bench) => {
        const table = twoColumns('bigint');
        const { runId, status } = await bench.run(storePlan([table], quarantine));
        assert.equal(status, 'partial');
        const { rejects } = await list(bench, runId);
        assert.deepEqual(
          rejects.map(({ provenance, column, code, value }) => [provenance, column, code, value]),
          [
            ['rowid 1002', 'v', 'wrong-type', 'abc'],
            ['rowid 1003', 'v', 'wrong-type', '1.5'],
            ['rowid 1004', 'v', 'wrong-type', 'hi'],
          ],
        );
        const text = await retry(bench, runId, storePlan([twoColumns('text')], quarantine));
        assert.deepEqual([text.status, text.retried, text.result.verification.status], ['partial', 2, 'match']);
        assert.deepEqual(
          text.rejects.map(({ provenance, code, message }) => [provenance, code, message]),
          [['rowid 1004', 'wrong-type', 'a blob of 2 bytes is not text']],
        );
        await assertCounted(bench, 1004, 1);
        const all = await retry(bench, runId, storePlan([mended(twoColumns('text'), 'v', { convert: 'blob-text' })], quarantine));
        assert.deepEqual([all.status, all.retried, all.rejects.length, all.result.verification.status], ['done', 1, 0, 'match']);
        await assertCounted(bench, 1004, 0);
        assert.deepEqual(await bench.target.query('SELECT v FROM public.item WHERE id > 1000 ORDER BY id'), ['5', 'abc', '1.5', 'hi']);
        assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['done']);
        await assertVerified(bench, runId);
        await rollBack(bench, runId);
        assert.deepEqual(await bench.target.query("SELECT to_regclass('public.item') IS NULL"), [
          bench.choice.kind === 'embedded' ? 'true' : 't',
        ]);
      },
    ));

  it('a wider numeric, an option and NULL allowed: nothing but the rejected rows is read again', () =>
    withBench(
      `${itemsSeed(500)} UPDATE item SET weight = 1234.5 WHERE id = 7; UPDATE item SET name = NULL WHERE id = 8;
       UPDATE item SET name = 'a' || char(0) || 'b' WHERE id = 9;`,
      async (bench) => {
        const strict = mended(mended(itemTable, 'weight', { type: 'numeric(5,3)' }), 'name', { nullable: false });
        const { runId, rejects } = await bench.run(storePlan([strict], quarantine));
        assert.equal(rejects, 3);
        const loose = mended(mended(itemTable, 'weight', { type: 'numeric' }), 'name', { nullable: true });
        const result = await retry(bench, runId, storePlan([loose], { ...quarantine, nulBytes: 'strip' }));
        assert.deepEqual([result.status, result.retried, result.result.verification.status], ['done', 3, 'match']);
        await assertCounted(bench, 500, 0);
        assert.deepEqual(
          result.result.losses.map(({ column, values }) => [column, values]),
          [['name', 1]],
        );
        await assertVerified(bench, runId);
        await rollBack(bench, runId);
      },
    ));

  it('WITHOUT ROWID: rows are found by their key, whatever characters it has', () =>
    withBench(
      `CREATE TABLE item (a TEXT, b TEXT, v INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
       INSERT INTO item VALUES ('x', 'good', 1), ('p'', ''q', 'r', 'bad 1'), ('p', 'q'', ''r', 2), ('n' || char(0), 'r', 'bad 2'), ('z', 'z', 'bad 3');`,
      async (bench) => {
        const table = (type: string): PlanTable => ({
          source: 'main',
          from: 'item',
          to: 'item',
          columns: [
            { from: 'a', to: 'a', type: 'text', nullable: false },
            { from: 'b', to: 'b', type: 'text', nullable: false },
            { from: 'v', to: 'v', type },
          ],
          primaryKey: ['a', 'b'],
        });
        const { runId } = await bench.run(storePlan([table('bigint')], quarantine));
        assert.deepEqual((await list(bench, runId)).rejects.map(({ provenance }) => provenance).toSorted(), [
          "key 'p'', ''q', 'r'",
          "key 'z', 'z'",
          "key text x'6e00', 'r'",
        ]);
        const result = await retry(bench, runId, storePlan([table('text')], { ...quarantine, nulBytes: 'strip' }));
        assert.deepEqual([result.status, result.retried, result.result.verification.status], ['done', 3, 'match']);
        assert.deepEqual(await bench.target.query(`SELECT v FROM public.item ORDER BY v`), ['1', '2', 'bad 1', 'bad 2', 'bad 3']);
      },
    ));

  it('a row that breaks a key of the target is a reject again, with the key named', () =>
    withBench(`${itemsSeed(100)} UPDATE item SET name = 'item 7', weight = 'heavy' WHERE id = 50;`, async (bench) => {
      const unique = { ...itemTable, indexes: [{ name: 'item_name', columns: ['name'], unique: true }] };
      const { runId } = await bench.run(storePlan([unique], quarantine));
      const result = await retry(bench, runId, storePlan([mended(unique, 'weight', { type: 'text' })], quarantine));
      assert.deepEqual([result.status, result.retried], ['partial', 0]);
      assert.equal(result.rejects[0]?.code, 'server-refused');
      assert.match(result.rejects[0]?.message ?? '', /item_name/);
      assert.match(result.rejects[0]?.value ?? '', /^id = 50, name = "item 7", weight = "heavy"$/);
      assert.equal(result.result.verification.status, 'match');
      await assertCounted(bench, 100, 1);
      const loose = await retry(bench, runId, storePlan([mended(itemTable, 'weight', { type: 'text' })], quarantine));
      assert.deepEqual([loose.status, loose.retried, loose.result.verification.status], ['done', 1, 'match']);
      await rollBack(bench, runId);
    }));

  it('a parent that goes in makes its foreign key valid', () =>
    withBench(
      `CREATE TABLE parent (id INTEGER PRIMARY KEY, v INTEGER); CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER, v INTEGER);
       INSERT INTO parent VALUES (1, 1), (2, 'two'); INSERT INTO child VALUES (10, 1, 1), (11, 2, 1), (12, 2, 'twelve');`,
      async (bench) => {
        const tables = (type: string): PlanTable[] => [
          { ...twoColumns(type), from: 'parent', to: 'parent' },
          {
            source: 'main',
            from: 'child',
            to: 'child',
            columns: [
              { from: 'id', to: 'id', type: 'bigint', nullable: false },
              { from: 'parent_id', to: 'parent_id', type: 'bigint' },
              { from: 'v', to: 'v', type },
            ],
            primaryKey: ['id'],
            foreignKeys: [{ columns: ['parent_id'], references: 'parent', referencesColumns: ['id'], deferrable: true }],
          },
        ];
        const first = await bench.run(storePlan(tables('bigint'), quarantine));
        assert.deepEqual(
          first.warnings.map(({ code }) => code),
          ['orphans'],
        );
        const result = await retry(bench, first.runId, storePlan(tables('text'), quarantine));
        assert.deepEqual([result.status, result.retried, result.result.warnings], ['done', 2, []]);
        assert.equal(result.result.verification.status, 'match');
        assert.deepEqual(
          await bench.target.query(
            `SELECT convalidated::text FROM pg_constraint WHERE contype = 'f' AND conrelid = 'public.child'::regclass`,
          ),
          ['true'],
        );
      },
    ));

  it('goes on where it was cut off: no row twice, and the counts agree in between', () =>
    withBench(`${itemsSeed(6_000)} UPDATE item SET weight = 'heavy ' || hex(zeroblob(3000)) WHERE id % 2 = 0;`, async (bench) => {
      const { runId } = await bench.run(storePlan([itemTable], quarantine));
      const text = storePlan([mended(itemTable, 'weight', { type: 'text' })], quarantine);
      // As soon as the first chunk is committed.
      const controller = new AbortController();
      bench.watch((event) => event.type === 'progress' && event.phase === 'data' && event.rows > 0 && controller.abort());
      await assert.rejects(retry(bench, runId, text, controller.signal), hasCode('cancelled'));
      const [left] = await bench.target.query('SELECT count(*) FROM sluice.reject WHERE retried_in IS NULL');
      assert.ok(Number(left) > 0 && Number(left) < 3_000, `${left} rejects are left`);
      await assertCounted(bench, 6_000, Number(left));
      assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['partial']);
      // The mended plan is the run's own by now.
      const result = await retry(bench, runId, null);
      assert.deepEqual([result.status, result.retried, result.result.verification.status], ['done', Number(left), 'match']);
      assert.deepEqual(await bench.target.query('SELECT count(DISTINCT id) FROM public.item'), ['6000']);
      await assertCounted(bench, 6_000, 0);
      await rollBack(bench, runId);
    }));

  it('refuses what it cannot follow, and changes nothing', () =>
    withBench(
      `${itemsSeed(50)} UPDATE item SET weight = 'heavy' WHERE id = 5; UPDATE item SET weight = '' WHERE id = 6;`,
      async (bench) => {
        const { runId } = await bench.run(storePlan([itemTable], quarantine));
        const before = await bench.target.query('SELECT plan_hash FROM sluice.run');
        const renamed = { ...itemTable, to: 'other' };
        await assert.rejects(retry(bench, runId, storePlan([renamed], quarantine)), hasCode('mended-too-far'));
        // The empty text is NULL in the target, and would be an empty text.
        const text = mended(itemTable, 'weight', { type: 'text' });
        await assert.rejects(retry(bench, runId, storePlan([text], quarantine)), hasCode('mend-not-lossless'));
        const bytes = mended(itemTable, 'weight', { type: 'uuid' });
        await assert.rejects(retry(bench, runId, storePlan([bytes], quarantine)), (error) => {
          assert.ok(error instanceof MigrationError);
          assert.equal(error.code, 'mend-refused');
          assert.match(error.message, /ALTER TABLE "public"\."item" ALTER COLUMN "weight" TYPE uuid/);
          return true;
        });
        assert.deepEqual(await bench.target.query('SELECT plan_hash FROM sluice.run'), before);
        assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['partial']);
        const database = new Database(bench.store);
        database.exec(`UPDATE item SET weight = 1 WHERE id = 5`);
        database.close();
        await assert.rejects(retry(bench, runId, null), hasCode('source-changed-since'));
      },
    ));

  it('a retry that changes nothing says the same reasons again', () =>
    withBench(`${itemsSeed(50)} UPDATE item SET weight = 'heavy' WHERE id = 5;`, async (bench) => {
      const { runId } = await bench.run(storePlan([itemTable], quarantine));
      const before = await list(bench, runId);
      const result = await retry(bench, runId, null);
      assert.deepEqual([result.status, result.retried, result.rejects], ['partial', 0, before.rejects]);
      await assertCounted(bench, 50, 1);
      await assert.rejects(retry(bench, 'r-000000000000', null), hasCode('no-such-run'));
    }));
});

function twoColumns(type: string): PlanTable {
  return {
    source: 'main',
    from: 'item',
    to: 'item',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'v', to: 'v', type },
    ],
    primaryKey: ['id'],
  };
}

function retry(bench: Bench, runId: string | null, plan: PlanInput | null, signal = new AbortController().signal): Promise<RetryResult> {
  return retryRejects(
    {
      runId: String(runId),
      target: bench.choice,
      plan: plan === null ? null : { text: JSON.stringify(plan), path: `${bench.folder}/store.sluice.json` },
      signal,
    },
    bench.deps,
  );
}

function list(bench: Bench, runId: string | null): ReturnType<typeof listRejects> {
  return listRejects({ runId: String(runId), target: bench.choice }, bench.deps);
}

/** Source rows = loaded + rejected, in the table, in the checkpoints and in the rejects. */
async function assertCounted(bench: Bench, rows: number, rejected: number): Promise<void> {
  const counted = await bench.target.query(
    `SELECT concat_ws(' ', sum(rows_read), sum(rows_written), sum(rows_rejected), (SELECT count(*) FROM sluice.reject WHERE retried_in IS NULL), (SELECT count(*) FROM public.item)) FROM sluice.checkpoint`,
  );
  assert.deepEqual(counted, [`${rows} ${rows - rejected} ${rejected} ${rejected} ${rows - rejected}`]);
}

async function rollBack(bench: Bench, runId: string | null): Promise<void> {
  await rollBackRun({ runId: String(runId), target: bench.choice, purge: false, signal: new AbortController().signal }, bench.deps);
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof MigrationError && error.code === code;
}
