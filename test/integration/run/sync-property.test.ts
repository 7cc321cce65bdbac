import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, storePlan, type Bench } from '../../helpers/engine.ts';
import { ask, contents, rollBack } from '../../helpers/existing-tables.ts';

/** Short by default; the long form is SLUICE_PROPERTY_RUNS=500. */
const wanted = process.env['SLUICE_PROPERTY_RUNS'];

describeOnBothTargets('runs of a store that changes', (withBench) => {
  it('end in the target that one run of the final store makes; each is rolled back to the one before', async function () {
    const onServer = this.test?.parent?.title.includes('PostgreSQL') === true;
    const numRuns = wanted === undefined ? (onServer ? 4 : 1) : Number(wanted);
    this.timeout(60_000 + numRuns * (onServer ? 30_000 : 180_000));
    await fc.assert(
      fc.asyncProperty(states, (drawn) => withBench('', (bench) => checkStates(bench, drawn))),
      { numRuns, endOnFailure: true, seed: 20261130 },
    );
  });
});

interface Row {
  readonly id: number;
  readonly n: bigint | null;
  readonly x: number | null;
  readonly t: string | null;
  readonly b: Uint8Array | null;
}

interface State {
  readonly parents: readonly Row[];
  /** `to` chooses the parent, and the child that a child refers to. */
  readonly children: readonly (Row & { readonly to: number })[];
}

/** Few values, so that rows change into what they were. */
const values = {
  n: fc.constantFrom(null, 0n, 2n ** 62n),
  x: fc.constantFrom(null, 0.1, -0, 0, 1e300),
  t: fc.constantFrom(null, '', 'é', '\\N', "it's {1}"),
  b: fc.constantFrom(null, Uint8Array.of(), Uint8Array.of(0, 255)),
};
const id = fc.integer({ min: 1, max: 15 });
const unique = <T extends { id: number }>(row: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(row, { maxLength: 12, selector: (one) => one.id });
const state: fc.Arbitrary<State> = fc.record({
  parents: unique(fc.record({ id, ...values })),
  children: unique(fc.record({ id, ...values, to: fc.nat({ max: 40 }) })),
});
const states = fc.array(state, { minLength: 2, maxLength: 3 });

async function checkStates(bench: Bench, drawn: readonly State[]): Promise<void> {
  const plan = storePlan([childTable, parentTable], { mode: 'sync', deletions: 'apply' });
  const runs: { readonly runId: string | null; readonly before: Awaited<ReturnType<typeof contents>> }[] = [];
  for (const [i, one] of drawn.entries()) {
    fillStore(bench.store, one);
    const before = i === 0 ? {} : await contents(bench);
    const result = await bench.run(plan);
    assert.equal(result.verification.status, 'match', JSON.stringify(result.verification.tables, null, 1));
    assert.equal(result.status, 'done');
    runs.push({ runId: result.runId, before });
  }
  const again = await bench.run(plan);
  assert.deepEqual(
    again.tables.map(({ rowsWritten, existing }) => [rowsWritten, existing?.deleted]),
    [
      [0, 0],
      [0, 0],
    ],
  );
  await bench.run({ ...plan, name: 'fresh', options: { mode: 'create' } }, { overrides: { schema: 'fresh' } });
  assert.deepEqual(await contents(bench), await contents(bench, 'fresh'));
  const [left] = await ask(bench, 'SELECT count(*) FROM sluice.held');
  assert.deepEqual(left, ['0']);
  for (const { runId, before } of runs.toReversed()) {
    await rollBack(bench, runId);
    assert.deepEqual(await contents(bench), before);
  }
}

function fillStore(path: string, { parents, children }: State): void {
  const store = new Database(path);
  store.exec(`DROP TABLE IF EXISTS parent; DROP TABLE IF EXISTS child;
    CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER, x REAL, t TEXT, b BLOB);
    CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER, beside INTEGER, n INTEGER, x REAL, t TEXT, b BLOB);`);
  const parent = store.prepare('INSERT INTO parent VALUES (?, ?, ?, ?, ?)');
  for (const row of parents) parent.run(BigInt(row.id), row.n, row.x, row.t, row.b);
  const child = store.prepare('INSERT INTO child VALUES (?, ?, ?, ?, ?, ?, ?)');
  // Past the end of the list there is none.
  for (const row of children)
    child.run(BigInt(row.id), parents[row.to % 15]?.id ?? null, children[row.to % 13]?.id ?? null, row.n, row.x, row.t, row.b);
  store.close();
}

const columns: PlanInput['tables'][number]['columns'] = [
  { from: 'n', to: 'n', type: 'bigint' },
  { from: 'x', to: 'x', type: 'double precision' },
  { from: 't', to: 't', type: 'text' },
  { from: 'b', to: 'b', type: 'bytea' },
];

const parentTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'parent',
  to: 'parent',
  columns: [{ from: 'id', to: 'id', type: 'bigint', nullable: false }, ...columns],
  primaryKey: ['id'],
};

const childTable: PlanInput['tables'][number] = {
  ...parentTable,
  from: 'child',
  to: 'child',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'parent_id', to: 'parent_id', type: 'bigint' },
    { from: 'beside', to: 'beside', type: 'bigint' },
    ...columns,
  ],
  foreignKeys: [
    { columns: ['parent_id'], references: 'parent', referencesColumns: ['id'] },
    { columns: ['beside'], references: 'child', referencesColumns: ['id'] },
  ],
};
