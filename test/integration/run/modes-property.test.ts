import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { describeOnBothTargets, storePlan, type Bench } from '../../helpers/engine.ts';
import { ask, contents, inTarget, rollBack } from '../../helpers/existing-tables.ts';

/** Short by default; the long form is SLUICE_PROPERTY_RUNS=500. */
const wanted = process.env['SLUICE_PROPERTY_RUNS'];

describeOnBothTargets('any rows, any mode', (withBench) => {
  it('is proved, adds up, and is rolled back to exactly what was there', async function () {
    const onServer = this.test?.parent?.title.includes('PostgreSQL') === true;
    const numRuns = wanted === undefined ? (onServer ? 25 : 3) : Number(wanted);
    this.timeout(60_000 + numRuns * (onServer ? 5_000 : 40_000));
    await fc.assert(
      fc.asyncProperty(scenario, (drawn) => withBench('', (bench) => checkScenario(bench, drawn))),
      { numRuns, endOnFailure: true, seed: 20261125 },
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

interface Drawn {
  readonly mode: 'append' | 'upsert' | 'replace';
  /** `child` refers to `parent`. */
  readonly parents: { readonly there: readonly Row[]; readonly source: readonly Row[] };
  readonly children: { readonly there: readonly Row[]; readonly source: readonly Row[] };
  /** Without any key, in the modes that need none. */
  readonly heap: { readonly there: readonly Row[]; readonly source: readonly Row[] };
  readonly partitioned: boolean;
}

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((drawn) => drawn.replaceAll('\0', '0'));
const row = (id: fc.Arbitrary<number>): fc.Arbitrary<Row> =>
  fc.record({
    id,
    n: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    x: fc.option(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0.1, -0, 1e300, Number.POSITIVE_INFINITY))),
    t: fc.option(fc.oneof(text, fc.constantFrom('', 'NULL', '{a,"b"}', "it's", '\\N', '(1,2)'))),
    b: fc.option(fc.uint8Array({ maxLength: 8 })),
  });
const keyed = fc.uniqueArray(row(fc.integer({ min: 1, max: 30 })), { maxLength: 25, selector: ({ id }) => id });
const heaped = fc.array(row(fc.integer({ min: 1, max: 2 })), { maxLength: 10 }).map((rows) => [...rows, ...rows.slice(0, 3)]);

const scenario: fc.Arbitrary<Drawn> = fc.record({
  mode: fc.constantFrom('append', 'upsert', 'replace'),
  parents: fc.record({ there: keyed, source: keyed }),
  children: fc.record({ there: keyed, source: keyed }),
  heap: fc.record({ there: heaped, source: heaped }),
  partitioned: fc.boolean(),
});

async function checkScenario(bench: Bench, drawn: Drawn): Promise<void> {
  const { mode } = drawn;
  fillStore(bench.store, drawn);
  await fillTarget(bench, drawn);
  const before = await contents(bench);
  const tables = mode === 'upsert' ? [childTable, parentTable] : [childTable, heapTable, parentTable];
  const result = await bench.run(storePlan(tables, { mode, onReject: 'quarantine' }));
  assert.equal(result.verification.status, 'match', JSON.stringify(result.verification.tables, null, 1));
  for (const table of result.tables) {
    assert.equal(table.rowsRead, table.rowsWritten + table.rowsRejected, table.to);
    const expected = expectedRows(drawn, table.to);
    assert.equal(table.rowsWritten, expected.written, `${table.to}: written`);
    assert.equal(result.verification.tables.find((verified) => verified.table === table.to)?.sourceRows, expected.written);
  }
  const counts = await ask(bench, ...result.tables.map(({ to }) => `SELECT count(*) FROM ${to}`));
  assert.deepEqual(
    counts.map(([count]) => Number(count)),
    result.tables.map(({ to }) => expectedRows(drawn, to).after),
  );
  await rollBack(bench, result.runId);
  assert.deepEqual(await contents(bench), before);
}

/** What a mode must come to, from the rows alone. */
function expectedRows({ mode, parents, children, heap }: Drawn, table: string): { readonly written: number; readonly after: number } {
  const ids = (rows: readonly Row[]): Set<number> => new Set(rows.map(({ id }) => id));
  const kept =
    mode === 'replace' ? { parents: [], children: [], heap: [] } : { parents: parents.there, children: children.there, heap: heap.there };
  if (table === 'public.heap') return { written: heap.source.length, after: kept.heap.length + heap.source.length };
  const [there, source] = table === 'public.parent' ? [kept.parents, parents.source] : [kept.children, children.source];
  const clashes = mode === 'append' ? source.filter(({ id }) => ids(there).has(id)) : [];
  const orphans =
    table === 'public.parent'
      ? []
      : source.filter(
          ({ id }) =>
            !clashes.some((clash) => clash.id === id) &&
            parentOf(id) !== null &&
            !ids([...kept.parents, ...parents.source]).has(parentOf(id) ?? 0),
        );
  const written = source.filter((one) => !clashes.includes(one) && !orphans.includes(one));
  return { written: written.length, after: ids([...there, ...written]).size };
}

/** Child 3n has no parent; the others have the one of their own number, which may not be there. */
function parentOf(id: number): number | null {
  return id % 3 === 0 ? null : id;
}

function fillStore(path: string, drawn: Drawn): void {
  const store = new Database(path);
  store.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER, x REAL, t TEXT, b BLOB);
    CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER, n INTEGER, x REAL, t TEXT, b BLOB);
    CREATE TABLE heap (id INTEGER, n INTEGER, x REAL, t TEXT, b BLOB);`);
  const insert = (table: string, rows: readonly Row[], withParent: boolean): void => {
    const statement = store.prepare(`INSERT INTO ${table} VALUES (${withParent ? '?, ' : ''}?, ?, ?, ?, ?)`);
    for (const { id, n, x, t, b } of rows) statement.run(...[BigInt(id), ...(withParent ? [parentOf(id)] : []), n, x, t, b]);
  };
  insert('parent', drawn.parents.source, false);
  insert('child', drawn.children.source, true);
  insert('heap', drawn.heap.source, false);
  store.close();
}

async function fillTarget(bench: Bench, drawn: Drawn): Promise<void> {
  const { parents, children, heap, partitioned } = drawn;
  await inTarget(bench, async (target) => {
    const columns = `n numeric, extra json DEFAULT '{ "new" : 1 }', x float8, t varchar, twice numeric GENERATED ALWAYS AS (n * 2) STORED, b bytea`;
    const id = partitioned ? 'bigint PRIMARY KEY' : 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
    await target.query(`CREATE TABLE public.parent (id ${id}, ${columns})${partitioned ? ' PARTITION BY HASH (id)' : ''}`);
    if (partitioned)
      await target.query('CREATE TABLE public.parent_all PARTITION OF public.parent FOR VALUES WITH (MODULUS 1, REMAINDER 0)');
    await target.query(
      `CREATE TABLE public.child (parent_id bigint REFERENCES public.parent ON DELETE CASCADE, id integer PRIMARY KEY, ${columns})`,
    );
    await target.query(`CREATE TABLE public.heap (id bigint, ${columns})`);
    await insertRows(target, 'parent', parents.there.map(toJson));
    const known = new Set(parents.there.map(({ id }) => id));
    await insertRows(
      target,
      'child',
      children.there.map((one) => ({ ...toJson(one), parent_id: known.has(one.id) ? one.id : null })),
    );
    await insertRows(target, 'heap', heap.there.map(toJson));
  });
}

function toJson({ id, n, x, t, b }: Row): Record<string, unknown> {
  const infinite = x !== null && !Number.isFinite(x) ? String(x) : Object.is(x, -0) ? '-0' : x;
  return {
    id,
    n: n === null ? null : String(n),
    x: infinite,
    t,
    b: b === null ? null : `\\x${Buffer.from(b).toString('hex')}`,
    extra: { old: t },
  };
}

async function insertRows(
  target: Parameters<Parameters<typeof inTarget>[1]>[0],
  table: string,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const names = ['id', 'n', 'x', 't', 'b', 'extra', ...(table === 'child' ? ['parent_id'] : [])].join(', ');
  await target.query(
    `INSERT INTO public.${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM json_populate_recordset(NULL::public.${table}, $1::text::json)`,
    [JSON.stringify(rows)],
  );
}

const values: PlanInput['tables'][number]['columns'] = [
  { from: 'n', to: 'n', type: 'bigint' },
  { from: 'x', to: 'x', type: 'double precision' },
  { from: 't', to: 't', type: 'text' },
  { from: 'b', to: 'b', type: 'bytea' },
];

const parentTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'parent',
  to: 'parent',
  columns: [{ from: 'id', to: 'id', type: 'bigint', nullable: false }, ...values],
  primaryKey: ['id'],
};

const childTable: PlanInput['tables'][number] = {
  ...parentTable,
  from: 'child',
  to: 'child',
  columns: [{ from: 'id', to: 'id', type: 'bigint', nullable: false }, { from: 'parent_id', to: 'parent_id', type: 'bigint' }, ...values],
};

const heapTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'heap',
  to: 'heap',
  columns: [{ from: 'id', to: 'id', type: 'bigint' }, ...values],
};
