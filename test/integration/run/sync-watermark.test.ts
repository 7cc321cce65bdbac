import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { runMigration, verifyMigration, type RunResult, type Verification } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { cancelInTheMiddle } from '../../helpers/cancel-in-the-middle.ts';
import { describeOnBothTargets, storePlan, withBenchOf, type Bench } from '../../helpers/engine.ts';
import { ask, contents, execute, failsWith, rollBack } from '../../helpers/existing-tables.ts';
import { postgresTarget } from '../../helpers/cli-target.ts';
import { inDuckDb } from '../../helpers/duckdb.ts';
import { runRequest } from '../../helpers/run-request.ts';
import { requirePostgres, type Cluster } from '../../helpers/postgres.ts';

const seed = `CREATE TABLE note (id INTEGER PRIMARY KEY, name TEXT, updated_at TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
  INSERT INTO note SELECT i, 'note ' || i, '2024-01-' || printf('%02d', 1 + i / 100) || 'T03:04:05Z' FROM n;
  INSERT INTO note VALUES (1001, 'undated', NULL);`;

const noteTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'note',
  to: 'note',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'name', to: 'name', type: 'text' },
    { from: 'updated_at', to: 'changed', type: 'timestamptz' },
  ],
  primaryKey: ['id'],
  incremental: { by: 'watermark', column: 'changed' },
};
const plan = storePlan([noteTable], { mode: 'sync' });

describeOnBothTargets('mode sync by a watermark', (withBench) => {
  it('reads rows from the highest value on and those without one, writes what is new or changed, and says what was read and compared', () =>
    withBench(seed, async (bench) => {
      const first = await bench.run(plan);
      assertRun(first, { read: 1_001, written: 1_001, since: null, reached: '2024-01-11T03:04:05Z' });
      assert.equal(first.verification.tables[0]?.scope, undefined);
      const loaded = await contents(bench);

      // Rows 1000 and 1001 are those of the highest value and without one. Row 4 is behind the mark: nobody sees its change, nor that row 5 is gone.
      change(
        bench,
        `INSERT INTO note VALUES (2000, 'new', '2024-02-01T00:00:00Z'), (2001, 'same value', '2024-01-11T03:04:05Z');
         UPDATE note SET name = 'later', updated_at = '2024-01-31T00:00:00.25Z' WHERE id = 3;
         UPDATE note SET name = 'unseen' WHERE id = 4; DELETE FROM note WHERE id = 5; UPDATE note SET name = 'dated' WHERE id = 1001;`,
      );
      const second = await bench.run(plan);
      assertRun(second, { read: 5, written: 4, since: '2024-01-11T03:04:05Z', reached: '2024-02-01T00:00:00Z' });
      assert.deepEqual([second.tables[0]?.existing?.unchanged, second.tables[0]?.existing?.gone], [1, undefined]);
      assert.deepEqual([second.verification.tables[0]?.scope, second.verification.tables[0]?.targetRows], ['rows-read', 5]);
      assert.deepEqual(await ask(bench, 'SELECT name FROM public.note WHERE id IN (3, 4, 5, 1001, 2000, 2001) ORDER BY id', leftBehind), [
        ['later', 'note 4', 'note 5', 'dated', 'new', 'same value'],
        ['0'],
      ]);

      await rollBack(bench, second.runId);
      assert.deepEqual(await contents(bench), loaded);
      const again = await bench.run(plan);
      assertRun(again, { read: 5, written: 4, since: '2024-01-11T03:04:05Z', reached: '2024-02-01T00:00:00Z' });
    })).timeout(180_000);
});

describe('marks of mode sync (PostgreSQL)', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  before(async function () {
    cluster = await requirePostgres(this);
  });
  const withNotes = (rows: string, work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBenchOf(() => postgresTarget(cluster), `CREATE TABLE note (id INTEGER PRIMARY KEY, name TEXT, updated_at); ${rows}`, work);
  const numbered: PlanInput = planWith({ columns: columnsWith('bigint') });

  it('what it did not compare is told when all rows are compared', () =>
    withNotes("INSERT INTO note VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)", async (bench) => {
      await bench.run(numbered);
      change(bench, "UPDATE note SET name = 'unseen' WHERE id = 1; DELETE FROM note WHERE id = 2; INSERT INTO note VALUES (4, 'd', 4)");
      const result = await bench.run(numbered);
      assertRun(result, { read: 2, written: 1, since: '3', reached: '4' });
      const { status, tables } = await verify(bench, result);
      assert.deepEqual(
        [status, tables[0]?.scope, tables[0]?.missing, tables[0]?.extra, tables[0]?.different],
        ['mismatch', undefined, 0, 1, 1],
      );
    }));

  it('a run that failed, and one that is rolled back, leave the mark of the last one that stands', () =>
    withNotes("INSERT INTO note VALUES (1, 'a', 1), (2, 'b', 2)", async (bench) => {
      await bench.run(numbered);
      change(bench, "INSERT INTO note VALUES (3, 'c', 3)");
      const third = await bench.run(numbered);
      await execute(bench, "ALTER TABLE public.note ADD CHECK (name <> 'bad')");
      change(bench, "INSERT INTO note VALUES (4, 'd', 4), (5, 'bad', 5)");
      await assert.rejects(bench.run(numbered), failsWith('row-refused-by-server'));
      change(bench, "UPDATE note SET name = 'e' WHERE id = 5");
      const fifth = await bench.run(numbered);
      assertRun(fifth, { read: 3, written: 2, since: '3', reached: '5' });

      // Without the third run its row is read again, though the fifth one is behind it.
      await rollBack(bench, third.runId);
      const next = await bench.run(numbered);
      assertRun(next, { read: 4, written: 1, since: '2', reached: '5' });
      assert.deepEqual(await ask(bench, 'SELECT name FROM public.note ORDER BY id'), [['a', 'b', 'c', 'd', 'e']]);
    }));

  it('a run of another mode is rolled back: what it had written is read again', () =>
    withNotes("INSERT INTO note VALUES (1, 'a', 1)", async (bench) => {
      await bench.run(numbered);
      change(bench, "INSERT INTO note VALUES (2, 'b', 2)");
      const hashed = await bench.run(planWith({ columns: columnsWith('bigint'), incremental: { by: 'hash' } }));
      assertRun(await bench.run(numbered), { read: 2, written: 0, since: '1', reached: '2' });
      await rollBack(bench, hashed.runId);
      assertRun(await bench.run(numbered), { read: 2, written: 1, since: '1', reached: '2' });
    }));

  it('while rows are rejected the mark stays, so that no run passes them over', () =>
    withNotes("INSERT INTO note VALUES (1, 'a', 1), (2, 'b', 2)", async (bench) => {
      const plan = planWith({ columns: columnsWith('bigint'), checks: [{ expression: "name <> 'bad'" }] }, { onReject: 'quarantine' });
      await bench.run(plan);
      change(bench, "INSERT INTO note VALUES (3, 'bad', 3), (4, 'd', 4)");
      const held = await bench.run(plan);
      assertRun(held, { read: 3, written: 1, since: '2', reached: '2' });
      assert.match(held.warnings.find(({ code }) => code === 'watermark-held')?.message ?? '', /public\.note.* from 2 on/);
      change(bench, "UPDATE note SET name = 'c' WHERE id = 3");
      assertRun(await bench.run(plan), { read: 3, written: 1, since: '2', reached: '4' });
    }));

  const kinds = [
    { kind: 'duckdb', path: 'rows.duckdb', write: (path: string) => [`ATTACH '${path}' AS store`, 'CREATE TABLE store.rows AS FROM made'] },
    { kind: 'parquet', path: 'rows.parquet', write: (path: string) => [`COPY made TO '${path}' (FORMAT parquet)`] },
    { kind: 'delimited', path: 'rows.csv', write: (path: string) => [`COPY made TO '${path}' (FORMAT csv, HEADER)`] },
    { kind: 'json', path: 'rows.json', write: (path: string) => [`COPY made TO '${path}' (FORMAT json, ARRAY)`] },
  ] as const;
  for (const { kind, path, write } of kinds)
    it(`${kind}: rows from the mark on are read, by time${kind === 'delimited' ? ', and by numbers in their order' : ''}`, () =>
      withNotes('', async (bench) => {
        const fill = (rows: number, name: string): Promise<void> => {
          rmSync(join(bench.folder, path), { force: true });
          const made = `SELECT i AS id, ${name} AS name, TIMESTAMP '2024-01-01 00:00:00' + to_hours(i::BIGINT) AS at FROM range(${rows}) AS r (i)`;
          return inDuckDb(null, async (connection) => {
            for (const sql of [`CREATE TABLE made AS ${made}`, ...write(join(bench.folder, path))]) await connection.run(sql);
          });
        };
        const sync = async (column: string, schema: string): Promise<readonly unknown[]> => {
          const plan = planOfFile({ kind, path }, column);
          const { tables, verification } = await runMigration(
            runRequest(plan, join(bench.folder, 'rows.sluice.json'), bench.choice, { overrides: { schema } }),
            bench.deps,
          );
          assert.equal(verification.status, 'match', JSON.stringify(verification.tables, null, 1));
          const [table] = tables;
          return [table?.rowsRead, table?.rowsWritten, table?.watermark?.since, table?.watermark?.reached];
        };
        // Others have numbers of their own, which need not be recognised.
        const isText = kind === 'delimited';
        await fill(500, "'old'");
        assert.deepEqual(await sync('at', 'by_time'), [500, 500, null, '2024-01-21T19:00:00']);
        if (isText) assert.deepEqual(await sync('id', 'by_number'), [500, 500, null, '499']);
        await fill(503, "CASE WHEN i > 498 THEN 'new' ELSE 'old' END");
        assert.deepEqual(await sync('at', 'by_time'), [4, 4, '2024-01-21T19:00:00', '2024-01-21T22:00:00']);
        if (isText) assert.deepEqual(await sync('id', 'by_number'), [4, 4, '499', '502']);
      }));

  it('a run that ends in the middle is resumed from where it began, and the next one goes on behind it', () =>
    withNotes("INSERT INTO note VALUES (1, 'a', 1), (2, 'b', NULL)", async (bench) => {
      const plan = planWith({ columns: columnsWith('bigint') }, { jobs: 1 });
      await bench.run(plan);
      change(
        bench,
        `WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
          INSERT INTO note SELECT i, printf('%.*c', 2000, '-'), i FROM n; UPDATE note SET name = 'unseen', updated_at = 0 WHERE id = 1;`,
      );
      bench.events.length = 0;
      const cut = await cancelInTheMiddle(bench, plan);
      const resumed = await bench.run(plan, { resume: true });
      assert.equal(resumed.runId, cut);
      assertRun(resumed, { read: 8_999, written: 8_998, since: '1', reached: '9000' });
      assert.equal(resumed.verification.tables[0]?.scope, 'rows-read');
      assertRun(await bench.run(plan), { read: 2, written: 0, since: '9000', reached: '9000' });
      assert.deepEqual(await ask(bench, leftBehind), [['0']]);
    }));

  it('whoever may not read the state is told which rights are missing', async () => {
    await cluster.createUser('mark_reader', 'secret');
    await withNotes("INSERT INTO note VALUES (1, 'a', 1)", async (bench) => {
      await bench.run(numbered);
      assert.ok(bench.choice.kind === 'postgres');
      const connection = { ...bench.choice.connection, user: 'mark_reader', password: 'secret' };
      const target = { ...bench.choice, connection };
      await assert.rejects(bench.run(numbered, { target }), failsWith('no-privilege', /GRANT USAGE ON SCHEMA sluice TO "?mark_reader"?/));
    });
  });

  it('another store, a changed plan and another table have no mark: all rows are read', () =>
    withNotes("INSERT INTO note VALUES (1, 'a', 1), (2, 'b', 2)", async (bench) => {
      await bench.run(numbered);
      assertRun(await bench.run(planWith({ columns: columnsWith('numeric') })), { read: 2, written: 2, since: null, reached: '2' });
      assertRun(await bench.run(numbered), { read: 2, written: 2, since: null, reached: '2' });
      copyFileSync(bench.store, join(bench.folder, 'other.db'));
      const moved = { ...numbered, sources: { main: { kind: 'sqlite' as const, path: 'other.db' } } };
      assertRun(await bench.run(moved), { read: 2, written: 0, since: null, reached: '2' });
      assertRun(await bench.run(moved), { read: 1, written: 0, since: '2', reached: '2' });
      await execute(bench, 'ALTER TABLE public.note RENAME TO old', 'CREATE TABLE public.note (LIKE public.old INCLUDING ALL)');
      const other = await bench.run(moved);
      // The rows are known, and somebody has taken them: that is told by the comparison.
      assert.deepEqual([other.tables[0]?.watermark?.since, other.verification.status], [null, 'mismatch']);
    }));

  it('runs of a store that grows end in the target that one run of the final store makes', async function () {
    const wanted = process.env['SLUICE_PROPERTY_RUNS'];
    const numRuns = wanted === undefined ? 3 : Number(wanted);
    this.timeout(60_000 + numRuns * 30_000);
    const growth = fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 3 }), (steps) =>
      withNotes('', (bench) => checkGrowth(bench, steps)),
    );
    await fc.assert(growth, { numRuns, endOnFailure: true, seed: 20261130 });
  });

  it('values without an order, deletions: refused before anything is made; a value of another kind also when it comes later, below the mark', () =>
    withNotes("INSERT INTO note VALUES (1, 'a', 'soon')", async (bench) => {
      const plan = planWith({ columns: columnsWith('text') });
      await assert.rejects(bench.run(plan), failsWith('watermark-unfit', /public\.note.* changed: rowid 1 has neither/));
      assert.deepEqual(await ask(bench, "SELECT to_regnamespace('sluice') IS NULL"), [['true']]);
      change(bench, "UPDATE note SET updated_at = '2024-01-02'");
      await bench.run(plan);
      change(bench, "INSERT INTO note VALUES (2, 'b', 5)");
      await assert.rejects(bench.run(plan), failsWith('watermark-unfit', /rowid 2 has a number/));
      await assert.rejects(
        bench.run({ ...plan, options: { ...plan.options, deletions: 'apply' } }),
        failsWith('watermark-deletions', /public\.note/),
      );
    }));
});

interface Written {
  readonly id: number;
  readonly name: string;
  /** Steps from the highest value that was there before, so that a row may have the same one; null = the row has none. */
  readonly ahead: number | null;
}

/** Rows that are new, or that change; a row without a value may get one, and lose it again. */
const step: fc.Arbitrary<readonly Written[]> = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    name: fc.constantFrom('a', 'b', 'c'),
    ahead: fc.option(fc.constantFrom(0, 0, 0.5, 1, 2 ** 40), { freq: 4 }),
  }),
  { maxLength: 8, selector: ({ id }) => id },
);

async function checkGrowth(bench: Bench, steps: readonly (readonly Written[])[]): Promise<void> {
  const plan = planWith({ columns: columnsWith('numeric') });
  let highest = 2 ** 53;
  for (const rows of steps) {
    const before = highest;
    for (const { id, name, ahead } of rows) {
      const value = ahead === null ? null : before + ahead;
      highest = Math.max(highest, value ?? 0);
      change(
        bench,
        `REPLACE INTO note VALUES (${id}, '${name}', ${value === null ? 'NULL' : Number.isInteger(value) ? BigInt(value) : value})`,
      );
    }
    const result = await bench.run(plan);
    assert.deepEqual([result.status, result.verification.status], ['done', 'match']);
  }
  assert.equal((await bench.run(plan)).tables[0]?.rowsWritten, 0);
  await bench.run({ ...plan, name: 'fresh', options: { mode: 'create' } }, { overrides: { schema: 'fresh' } });
  assert.deepEqual(await contents(bench), await contents(bench, 'fresh'));
}

function columnsWith(type: string): PlanInput['tables'][number]['columns'] {
  const [id, name] = noteTable.columns ?? [];
  return [...(id === undefined ? [] : [id]), ...(name === undefined ? [] : [name]), { from: 'updated_at', to: 'changed', type }];
}

function planOfFile(
  source: { readonly kind: 'duckdb' | 'parquet' | 'delimited' | 'json'; readonly path: string },
  column: string,
): PlanInput {
  const table: PlanInput['tables'][number] = {
    ...{ source: 'main', from: 'rows', to: 'note', primaryKey: ['id'], incremental: { by: 'watermark', column } },
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'name', to: 'name', type: 'text' },
      { from: 'at', to: 'at', type: 'timestamp' },
    ],
  };
  return { ...plan, sources: { main: source }, tables: [source.kind === 'json' ? ofDocuments(table, source.path) : table] };
}

/** The same from elements of a file of documents. */
function ofDocuments(table: PlanInput['tables'][number], files: string): PlanInput['tables'][number] {
  const columns = table.columns?.map((column) => ({ ...column, from: `/${column.to}` })) ?? [];
  return { ...table, from: { files, path: '$', as: 'rows' }, columns };
}

function planWith(changed: Partial<PlanInput['tables'][number]>, options: PlanInput['options'] = {}): PlanInput {
  return storePlan([{ ...noteTable, ...changed }], { mode: 'sync', ...options });
}

function verify(bench: Bench, { runId }: RunResult): Promise<Verification> {
  const request = { input: { kind: 'run' as const, runId: String(runId) }, target: bench.choice, signal: new AbortController().signal };
  return verifyMigration(request, bench.deps);
}

const leftBehind = 'SELECT count(*) FROM sluice.read_key';

function change({ store }: Pick<Bench, 'store'>, sql: string): void {
  const database = new Database(store);
  database.exec(sql);
  database.close();
}

function assertRun(
  result: RunResult,
  { read, written, since, reached }: { read: number; written: number; since: string | null; reached: string | null },
): void {
  assert.equal(result.verification.status, 'match', JSON.stringify(result.verification.tables, null, 1));
  const [table] = result.tables;
  assert.deepEqual([table?.rowsRead, table?.rowsWritten, table?.watermark], [read, written, { column: 'changed', since, reached }]);
}
