import assert from 'node:assert/strict';
import { listRejects, MigrationError, retryRejects, type RetryResult } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { assertVerified } from '../../helpers/assert-verified.ts';
import { describeOnBothTargets, storePlan, type Bench } from '../../helpers/engine.ts';
import { execute, rollBack } from '../../helpers/existing-tables.ts';

type PlanTable = PlanInput['tables'][number];
type Orphans = 'report' | 'quarantine';

const quarantine = { onReject: 'quarantine' } as const;

/** A table `name(id, up, v)` of which `up` refers to `references`. */
function childTable(name: string, references: string, orphans: Orphans, type = 'bigint'): PlanTable {
  return {
    source: 'main',
    from: name,
    to: name,
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'up', to: 'up', type: 'bigint' },
      { from: 'v', to: 'v', type },
    ],
    primaryKey: ['id'],
    foreignKeys: [{ columns: ['up'], references, referencesColumns: ['id'], onDelete: 'cascade', orphans }],
  };
}

function parentTable(type = 'bigint'): PlanTable {
  const { foreignKeys: _none, ...table } = childTable('p', 'p', 'report', type);
  return table;
}

const family = (orphans: Orphans, type = 'bigint'): PlanTable[] => [
  parentTable(type),
  childTable('c', 'p', orphans, type),
  childTable('g', 'c', orphans, type),
];

/** p 2 cannot be a bigint, so c 11, 12 and g 22 have no parent; c 13 and g 23 have none in the store either. */
const seed = `
  CREATE TABLE p (id INTEGER PRIMARY KEY, up INT, v); CREATE TABLE c (id INTEGER PRIMARY KEY, up INT, v); CREATE TABLE g (id INTEGER PRIMARY KEY, up INT, v);
  INSERT INTO p VALUES (1, NULL, 1), (2, NULL, 'two'); INSERT INTO c VALUES (10, 1, 1), (11, 2, 2), (12, 2, 3), (13, 99, 4), (14, NULL, 5);
  INSERT INTO g VALUES (20, 10, 1), (22, 11, 2), (23, 13, 3);`;

const parentThere = 'CREATE TABLE public.p (id bigint PRIMARY KEY, up bigint, v bigint); INSERT INTO public.p VALUES (99, NULL, NULL);';

describeOnBothTargets('rows without a parent', (withBench) => {
  it('S18 loaded and listed, the first hundred with their places; no value where they are kept out', () =>
    withBench(
      `CREATE TABLE p (id INTEGER PRIMARY KEY, up INT, v); CREATE TABLE c (id INTEGER PRIMARY KEY, up INT, v); INSERT INTO p VALUES (1, NULL, NULL);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO c SELECT i, CASE WHEN i % 2 THEN 1 ELSE 70000 + i END, 0 FROM n;`,
      async (bench) => {
        const plan = storePlan([parentTable(), childTable('c', 'p', 'report')]);
        const result = await bench.run(plan);
        assert.deepEqual([result.status, result.verification.status, result.orphans?.length], ['done', 'match', 1]);
        const [list] = result.orphans ?? [];
        assert.deepEqual([list?.table, list?.constraint, list?.total, list?.rows.length], ['public.c', 'c_up_fkey', 500, 100]);
        assert.deepEqual(list?.rows.at(0), { key: ['2'], values: ['70002'], provenance: 'rowid 2' });
        assert.deepEqual(list?.rows.at(-1), { key: ['200'], values: ['70200'], provenance: 'rowid 200' });
        const told = await listRejects({ runId: String(result.runId), target: bench.choice }, bench.deps);
        assert.deepEqual([told.rejects, told.orphans], [[], result.orphans]);
        const other = await listRejects({ runId: String(result.runId), target: bench.choice, table: 'public.p' }, bench.deps);
        assert.deepEqual(other.orphans, []);
        await rollBack(bench, result.runId);
        const redacted = await bench.run(plan, { redactValues: true, verify: false });
        assert.deepEqual(redacted.orphans?.[0]?.rows[0], { key: null, values: null, provenance: 'rowid 2' });
        assert.equal(redacted.orphans?.[0]?.total, 500);
      },
    ));

  it('are listed for a key that is not enforced, too', () =>
    withBench(seed, async (bench) => {
      const loose = family('report').map((table) => ({
        ...table,
        foreignKeys: table.foreignKeys?.map((key) => ({ ...key, enforce: false })),
      }));
      const { orphans = [] } = await bench.run(storePlan(loose, quarantine));
      assert.deepEqual(
        orphans.map(({ table, total, rows }) => [table, total, rows.map(({ provenance }) => provenance)]),
        [['public.c', 3, ['rowid 11', 'rowid 12', 'rowid 13']]],
      );
    }));

  it('set aside, they come back when their parent goes in; those without one stay', () =>
    withBench(seed, async (bench) => {
      const first = await bench.run(storePlan(family('quarantine'), quarantine));
      assert.deepEqual([first.status, first.rejects, first.verification.status, first.warnings], ['partial', 6, 'match', []]);
      assert.deepEqual(await rejects(bench, first.runId), [
        'c rowid 11 up orphan 2',
        'c rowid 12 up orphan 2',
        'c rowid 13 up orphan 99',
        'g rowid 22 up orphan 11',
        'g rowid 23 up orphan 13',
        'p rowid 2 v wrong-type two',
      ]);
      await assertVerified(bench, first.runId);
      const same = await retry(bench, first.runId, null);
      assert.deepEqual([same.status, same.retried, same.rejects.length], ['partial', 0, 6]);
      assert.deepEqual(await rejects(bench, first.runId, 'c'), [
        'c rowid 11 up orphan 2',
        'c rowid 12 up orphan 2',
        'c rowid 13 up orphan 99',
      ]);
      const mended = await retry(bench, first.runId, storePlan(family('quarantine', 'text'), quarantine));
      assert.deepEqual([mended.status, mended.retried, mended.result.verification.status], ['partial', 4, 'match']);
      assert.deepEqual(await rejects(bench, first.runId), ['c rowid 13 up orphan 99', 'g rowid 23 up orphan 13']);
      assert.deepEqual(await validated(bench), ['c_up_fkey', 'g_up_fkey']);
      await assertVerified(bench, first.runId);
      await rollBack(bench, first.runId);
    }));

  it('come back with "orphans": "report" in the mended plan, and the key is left NOT VALID; the other way is refused', () =>
    withBench(seed, async (bench) => {
      const first = await bench.run(storePlan(family('quarantine'), quarantine));
      const all = await retry(bench, first.runId, storePlan(family('report', 'text'), quarantine));
      assert.deepEqual([all.status, all.retried, all.result.verification.status], ['done', 6, 'match']);
      assert.deepEqual(
        all.result.orphans?.map(({ table, rows }) => [table, rows.map(({ provenance }) => provenance)]),
        [['public.c', ['rowid 13']]],
      );
      assert.deepEqual(await validated(bench), ['g_up_fkey']);
      await assert.rejects(retry(bench, first.runId, storePlan(family('quarantine', 'text'), quarantine)), (error) => {
        assert.ok(error instanceof MigrationError && error.code === 'mended-too-far', String(error));
        assert.match(error.message, /public\.c: orphans of foreign key c_up_fkey are loaded/);
        return true;
      });
      await assertVerified(bench, first.runId);
      await rollBack(bench, first.runId);
    }));

  it('end the run under stop before anything is set aside, and a resume that does goes on', () =>
    withBench(seed.replace(`'two'`, '2'), async (bench) => {
      const plan = storePlan(family('quarantine'));
      await assert.rejects(bench.run(plan), (error) => {
        assert.ok(error instanceof MigrationError && error.code === 'orphans-found', String(error));
        assert.match(error.message, /^2 rows have no parent/);
        assert.match(
          error.message,
          /public\.c, key "c_up_fkey" to public\.p: 1 without a parent, public\.g, .*: 1 whose parent is one of them/,
        );
        return true;
      });
      assert.deepEqual(await bench.target.query('SELECT status FROM sluice.run'), ['failed']);
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.c'), ['5']);
      const result = await bench.run(plan, { resume: true, overrides: { onReject: 'quarantine' } });
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 2, 'match']);
      await rollBack(bench, result.runId);
    }));

  it('count towards the limit of rejects, in one transaction', () =>
    withBench(seed, async (bench) => {
      const plan = storePlan(family('quarantine'), { ...quarantine, maxRejects: 5 });
      await assert.rejects(bench.run(plan), (error) => error instanceof MigrationError && error.code === 'too-many-rejects');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM sluice.reject UNION ALL SELECT count(*) FROM public.c'), ['1', '5']);
      const result = await bench.run(plan, { resume: true, overrides: { maxRejects: 6 } });
      assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 6, 'match']);
    }));

  for (const phase of ['post-data', 'verify'] as const)
    it(`a run that was cancelled at the start of ${phase} goes on, and nothing is set aside twice`, () =>
      withBench(seed, async (bench) => {
        const plan = storePlan(family('quarantine'), quarantine);
        const controller = new AbortController();
        bench.watch((event) => event.type === 'phase' && event.phase === phase && controller.abort());
        await assert.rejects(bench.run(plan, { signal: controller.signal }), (error) => error instanceof MigrationError);
        const result = await bench.run(plan, { resume: true });
        assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 6, 'match']);
        assert.deepEqual(await bench.target.query('SELECT count(*) FROM sluice.reject'), ['6']);
        await rollBack(bench, result.runId);
      }));

  it('more than fit into one reading, of rows that are all the same', () =>
    withBench(
      `CREATE TABLE p (id INTEGER PRIMARY KEY, up INT, v); INSERT INTO p VALUES (1, NULL, NULL); CREATE TABLE c (up INT, v INT);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) INSERT INTO c SELECT CASE WHEN i % 60 THEN 5 ELSE 1 END, i % 2 FROM n;`,
      async (bench) => {
        const { primaryKey: _key, ...keyed } = childTable('c', 'p', 'quarantine');
        const table: PlanTable = { ...keyed, columns: keyed.columns?.filter(({ to }) => to !== 'id') ?? [] };
        const result = await bench.run(storePlan([parentTable(), table], quarantine));
        assert.deepEqual([result.status, result.rejects, result.verification.status], ['partial', 59_000, 'match']);
        assert.deepEqual(await bench.target.query(`SELECT concat_ws(' ', count(*), count(DISTINCT provenance)) FROM sluice.reject`), [
          '59000 59000',
        ]);
        await assertVerified(bench, result.runId);
      },
    ));

  it('rows of a table that was there are parents', () =>
    withBench(seed, async (bench) => {
      await execute(bench, parentThere);
      const result = await bench.run(storePlan(family('quarantine'), { ...quarantine, mode: 'append' }));
      assert.deepEqual([result.status, result.verification.status], ['partial', 'match']);
      assert.deepEqual(await rejects(bench, result.runId), [
        'c rowid 11 up orphan 2',
        'c rowid 12 up orphan 2',
        'g rowid 22 up orphan 11',
        'p rowid 2 v wrong-type two',
      ]);
      assert.deepEqual(await validated(bench), ['c_up_fkey', 'g_up_fkey']);
      await rollBack(bench, result.runId);
    }));

  it('a table that was there needs a key of its own', () =>
    withBench(seed, async (bench) => {
      const plan = storePlan(family('quarantine'), { ...quarantine, mode: 'append' });
      await execute(bench, `${parentThere} CREATE TABLE public.c (id bigint PRIMARY KEY, up bigint, v bigint);`);
      await assert.rejects(bench.run(plan), (error) => {
        assert.ok(error instanceof MigrationError && error.code === 'existing-table-unfit', String(error));
        assert.match(error.message, /public\.c has no foreign key \(up\) to public\.p \(id\), which would keep out/);
        return true;
      });
      await execute(bench, 'ALTER TABLE public.c ADD FOREIGN KEY (up) REFERENCES public.p;');
      const own = await bench.run(plan);
      assert.deepEqual([own.status, own.verification.status], ['partial', 'match']);
      // The server refuses a row of such a table as it comes, so its children have lost their parent.
      assert.deepEqual(await rejects(bench, own.runId, 'c', 'g'), [
        'c rowid 11 null server-refused id = 11, up = 2, v = 2',
        'c rowid 12 null server-refused id = 12, up = 2, v = 3',
        'g rowid 22 up orphan 11',
      ]);
    }));
});

/** "c rowid 11 up orphan 2" for each open reject, sorted. */
async function rejects(bench: Bench, runId: string | null, ...tables: readonly string[]): Promise<readonly string[]> {
  const told = await listRejects({ runId: String(runId), target: bench.choice }, bench.deps);
  return told.rejects
    .map(({ table, provenance, column, code, value }) => `${table.replace('public.', '')} ${provenance} ${column} ${code} ${value}`)
    .filter((line) => tables.length === 0 || tables.some((table) => line.startsWith(`${table} `)))
    .toSorted();
}

/** Names of the foreign keys that hold for every row. */
function validated(bench: Bench): Promise<readonly string[]> {
  return bench.target.query(
    `SELECT conname FROM pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = 'public'::regnamespace ORDER BY 1`,
  );
}

function retry(bench: Bench, runId: string | null, plan: PlanInput | null): Promise<RetryResult> {
  const mended = plan === null ? null : { text: JSON.stringify(plan), path: `${bench.folder}/store.sluice.json` };
  return retryRejects({ runId: String(runId), target: bench.choice, plan: mended, signal: new AbortController().signal }, bench.deps);
}
