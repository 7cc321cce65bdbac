import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, storePlan, type Bench } from '../../helpers/engine.ts';
import { ask, assertProved, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';

const rows = 120;
/** About 100 kB a row, so that a chunk has about 38 of them. */
const pad = `printf('%.*c', 100000, '-')`;
const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;

/** Each row refers to the next one; what stands behind in the store has to be there first. */
const chainSeed = `CREATE TABLE node (id INTEGER PRIMARY KEY, next INTEGER, pad TEXT);
  ${numbers} INSERT INTO node SELECT i, CASE WHEN i < ${rows} THEN i + 1 END, ${pad} FROM n;`;
const existingChain = 'CREATE TABLE public.node (id integer PRIMARY KEY, next bigint REFERENCES public.node, pad text)';

/** Each department has a head, each member a department, and toys belong to members. */
const circleSeed = `CREATE TABLE dept (id INTEGER PRIMARY KEY, head INTEGER); CREATE TABLE member (id INTEGER PRIMARY KEY, dept INTEGER, pad TEXT);
  CREATE TABLE toy (id INTEGER PRIMARY KEY, owner INTEGER);
  ${numbers} INSERT INTO member SELECT i, 1 + (i * 7) % 30, ${pad} FROM n;
  INSERT INTO dept SELECT id, ${rows} + 1 - id FROM member WHERE id <= 30; INSERT INTO toy SELECT id, id FROM member;`;
const existingCircle = `CREATE TABLE public.dept (id integer PRIMARY KEY, head integer NOT NULL);
  CREATE TABLE public.member (id bigint PRIMARY KEY, dept bigint NOT NULL REFERENCES public.dept, pad text);
  ALTER TABLE public.dept ADD FOREIGN KEY (head) REFERENCES public.member;
  CREATE TABLE public.toy (id bigint PRIMARY KEY, owner bigint NOT NULL REFERENCES public.member);`;

describeOnBothTargets('rows whose parents come later, in tables that exist', (withBench) => {
  for (const mode of ['append', 'upsert', 'replace'] as const) {
    it(`${mode}: a table that refers to itself, each row to the next one, over several chunks`, () =>
      withBench(chainSeed, async (bench) => {
        await execute(
          bench,
          existingChain,
          `INSERT INTO public.node VALUES (1000, NULL, 'mine')${mode === 'append' ? '' : ", (50, 1000, 'mine'), (51, 50, 'mine')"}`,
        );
        const before = await contents(bench);
        const result = await bench.run(storePlan([nodeTable], { mode }));
        assertProved(result, rows);
        assert.deepEqual(await waits(bench), ['0 true']);
        await rollBack(bench, result.runId);
        assert.deepEqual(await contents(bench), before);
      }));
  }

  it('append and replace: two tables that need each other, and one that needs both', () =>
    withBench(circleSeed, async (bench) => {
      await execute(bench, existingCircle);
      const before = await contents(bench);
      for (const mode of ['append', 'replace'] as const) {
        const result = await bench.run(storePlan(circleTables, { mode }));
        assertProved(result, 30 + rows + rows);
        assert.deepEqual(await waits(bench, result.runId), ['0 true']);
        await rollBack(bench, result.runId);
        assert.deepEqual(await contents(bench), before);
      }
    }));

  it('goes on where it was cut off, also when rows wait', () =>
    withBench(circleSeed, async (bench) => {
      await execute(bench, existingCircle);
      const before = await contents(bench);
      const plan = storePlan(circleTables, { mode: 'upsert' });
      const runId = await cancelInTheMiddle(bench, plan, { overrides: { jobs: 1 } });
      const [held] = await ask(bench, 'SELECT count(*) > 0 FROM sluice.held');
      assert.deepEqual(held, ['true']);
      const result = await bench.run(plan, { resume: true });
      assert.equal(result.runId, runId);
      assertProved(result, 30 + rows + rows);
      await rollBack(bench, runId);
      assert.deepEqual(await contents(bench), before);
    }));

  it('a run that ends while rows wait is rolled back as it stands', () =>
    withBench(circleSeed, async (bench) => {
      await execute(bench, existingCircle);
      const before = await contents(bench);
      const runId = await cancelInTheMiddle(bench, storePlan(circleTables, { mode: 'append' }), { overrides: { jobs: 1 } });
      await rollBack(bench, runId);
      assert.deepEqual(await ask(bench, 'SELECT count(*) FROM sluice.held'), [['0']]);
      assert.deepEqual(await contents(bench), before);
    }));

  it('rows whose parent never comes are rejects, with those that refer to them; so are rows that are bad by themselves', () =>
    withBench(
      `${chainSeed} UPDATE node SET next = 9999 WHERE id = 70; UPDATE node SET next = 70 WHERE id = 110; UPDATE node SET pad = 'bad' WHERE id IN (80, 81);`,
      async (bench) => {
        await execute(bench, existingChain, `ALTER TABLE public.node ADD CHECK (pad <> 'bad')`);
        await assert.rejects(
          bench.run(storePlan([nodeTable], { mode: 'append' })),
          failsWith('row-refused-by-server', /rowid (1|80) of the source/),
        );
        const result = await bench.run(storePlan([nodeTable], { mode: 'append', onReject: 'quarantine' }));
        // 80 and 81 are bad, 71 to 79 lead to 80, 1 to 70 lead to 9999; 82 to 110 lead to 70.
        assertProved(result, rows - 110, 110);
        const [kept, bad] = await ask(
          bench,
          'SELECT id FROM public.node ORDER BY id',
          `SELECT provenance FROM sluice.reject WHERE message LIKE '%check constraint%' ORDER BY 1`,
        );
        assert.deepEqual(
          kept,
          Array.from({ length: rows - 110 }, (_, i) => String(111 + i)),
        );
        assert.deepEqual(bad, ['rowid 80', 'rowid 81']);
        await assert.rejects(
          bench.run(storePlan([nodeTable], { mode: 'append', onReject: 'quarantine', maxRejects: 50 })),
          failsWith('too-many-rejects'),
        );
      },
    ));

  it('a key that an earlier row takes while a row waits: one of both is written, the other a reject, and so are its children', () =>
    withBench(
      `CREATE TABLE node (id INTEGER, next INTEGER, pad TEXT); ${numbers} INSERT INTO node SELECT i, CASE WHEN i = 1 THEN ${rows} END, ${pad} FROM n;
       INSERT INTO node VALUES (1, NULL, 'twice');`,
      async (bench) => {
        await execute(bench, existingChain);
        const result = await bench.run(storePlan([nodeTable], { mode: 'append', onReject: 'quarantine' }));
        assertProved(result, rows, 1);
        assert.deepEqual(await ask(bench, 'SELECT provenance FROM sluice.reject', 'SELECT pad FROM public.node WHERE id = 1'), [
          ['rowid 1'],
          ['twice'],
        ]);
        await rollBack(bench, result.runId);
        assert.deepEqual(await ask(bench, 'SELECT count(*) FROM public.node'), [['0']]);
      },
    ));
});

/** Rows that still wait, and whether some did: their table then has a part in which rows were read that no chunk had counted. */
async function waits(bench: Bench, runId: string | null = null): Promise<readonly string[]> {
  const [found = []] = await ask(
    bench,
    `SELECT concat_ws(' ', (SELECT count(*) FROM sluice.held), (count(*) > 0)::text) FROM sluice.checkpoint
      WHERE chunk > 0 AND rows_read > 0 AND table_label IN ('public.node', 'public.dept', 'public.member')${runId === null ? '' : ` AND run_id = '${runId}'`}`,
  );
  return found;
}

function table(name: string, columns: readonly (readonly [string, string])[]): PlanInput['tables'][number] {
  return {
    source: 'main',
    from: name,
    to: name,
    columns: columns.map(([column, type]) => ({ from: column, to: column, type, nullable: column !== 'id' })),
    primaryKey: ['id'],
  };
}

const nodeTable = table('node', [
  ['id', 'bigint'],
  ['next', 'bigint'],
  ['pad', 'text'],
]);

const circleTables = [
  table('toy', [
    ['id', 'bigint'],
    ['owner', 'bigint'],
  ]),
  table('dept', [
    ['id', 'bigint'],
    ['head', 'bigint'],
  ]),
  table('member', [
    ['id', 'bigint'],
    ['dept', 'bigint'],
    ['pad', 'text'],
  ]),
];
