import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { planStores, rollBackRun, runMigration, type EngineDeps, type RunResult } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import type { CaseTarget } from '../helpers/case-targets.ts';
import { describeOnCaseTargets } from '../helpers/describe-on-case-targets.ts';
import { startInProcessWorker } from '../helpers/in-process-workers.ts';
import { judgeRun, targetLines } from '../helpers/judge-run.ts';
import { buildRandomStore, storeChecks, storeStatements } from '../helpers/random-store-script.ts';
import { forceTypes, randomStore, type RandomStore } from '../helpers/random-store.ts';
import { assertRowsAccounted, stateRows } from '../helpers/row-accounting.ts';
import { runRequest } from '../helpers/run-request.ts';

/** `npm run test:property -- 5000` sets the number; the seed makes every run of the suite the same one. */
const seed = Number(process.env['SLUICE_PROPERTY_SEED'] ?? 20_261_125);
const runs = {
  PostgreSQL: Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 100),
  embedded: Number(process.env['SLUICE_PROPERTY_RUNS_EMBEDDED'] ?? 30),
};
/** What was looked at, told behind the long form. */
const looked = { stores: 0, again: 0, tables: 0, rows: 0, rejected: 0, cells: 0 };
/** A store that fails is made smaller for so long. */
const shrinkMs = 120_000;

describeOnCaseTargets('random stores', (name, opened) => {
  const deps = (): EngineDeps => ({ ...opened().deps, startWorker: startInProcessWorker, processorCount: 1 });

  it(`${runs[name]} of them end in a match or in listed rejects, as a foreign reader sees it`, async function () {
    this.timeout(Number.MAX_SAFE_INTEGER);
    const started = performance.now();
    Object.assign(looked, { stores: 0, again: 0, tables: 0, rows: 0, rejected: 0, cells: 0 });
    await check(runs[name], (store, schema) =>
      migrateRandomStore(store, schema, opened().target, deps(), async (judge) => assert.deepEqual(await judge(), [])),
    );
    if (process.env['SLUICE_PROPERTY_RUNS'] !== undefined)
      console.log(JSON.stringify({ target: name, seed, ...looked, seconds: Math.round((performance.now() - started) / 1000) }));
  });

  it('the foreign reader notices a changed cell, a lost row, one too many and a wrong count', () =>
    migrateRandomStore(known, 'random_known', opened().target, deps(), async (judge, result) => {
      assert.deepEqual(await judge(), []);
      const table = 'random_known.t';
      for (const [change, back, complaint] of [
        [
          `UPDATE ${table} SET v = 8 WHERE id = 503`,
          `UPDATE ${table} SET v = 7 WHERE id = 503`,
          /^t: missing \[\(\('503', '7'\), 1\)\], extra \[\(\('503', '8'\), 1\)\]$/,
        ],
        [`UPDATE ${table} SET v = 0 WHERE id = 502`, `UPDATE ${table} SET v = NULL WHERE id = 502`, /^t: missing .*None/],
        [`DELETE FROM ${table} WHERE id = 503`, `INSERT INTO ${table} VALUES (503, 7)`, /^t: missing/],
        [`INSERT INTO ${table} VALUES (504, 7)`, `DELETE FROM ${table} WHERE id = 504`, /^t: missing \[\], extra/],
      ] as const) {
        await opened().target.session.query(change);
        assert.match((await judge()).join('\n'), complaint);
        await opened().target.session.query(back);
      }
      assert.match((await judge({ ...result, losses: [] })).join(), /^t: changes \{\} instead of \{'v: empty as null': 1\}$/);
    }));

  it('the foreign reader notices a row that is turned away, or let in, without a reason', () =>
    migrateRandomStore(guarded, 'random_guarded', opened().target, deps(), async (judge, result) => {
      assert.equal(result.rejects, 1);
      assert.deepEqual(await judge(), []);
      assert.match(
        (await judge(result, { t: ['v <> 777'] })).join('\n'),
        /^t: rowid 501 breaks no CHECK and was refused\nt: rowid 502 breaks a CHECK and is in the target$/,
      );
      await opened().target.session.query(`UPDATE sluice.reject SET code = 'key-violated' WHERE run_id = '${result.runId}'`);
      assert.match((await judge()).join('\n'), /^t: rowid 501 breaks no key and was set aside for one$/);
    }));
});

/** Throws with the smallest store found that fails, and with what makes it fail again. */
async function check(numRuns: number, migrate: (store: RandomStore, schema: string) => Promise<void>): Promise<void> {
  let schemas = 0;
  let deadline = Infinity;
  const property = fc.asyncProperty(randomStore, async (store) => {
    if (performance.now() > deadline) return;
    try {
      await migrate(store, `random_${++schemas}`);
    } catch (error) {
      if (deadline === Infinity) deadline = performance.now() + shrinkMs;
      throw error;
    }
  });
  const found = await fc.check(property, { seed, numRuns });
  if (!found.failed) return;
  const [store] = found.counterexample!;
  const script = [...storeStatements(store)].map((statement) => `${statement};`).join('\n');
  const error = found.errorInstance instanceof Error ? found.errorInstance.stack : String(found.errorInstance);
  throw new assert.AssertionError({
    message: `run ${found.numRuns} of seed ${found.seed} (path ${found.counterexamplePath})\n${JSON.stringify([store.options, store.forced])}\n${script}\n${error}`,
  });
}

/** Complaints of the foreign reader, also about a result or about CHECKs that are not those of the store. */
type Judge = (counted?: RunResult, checks?: Readonly<Record<string, readonly string[]>>) => Promise<readonly string[]>;

/** Migrates the store into `schema`, once or twice, lets `look` see it, and rolls back. */
async function migrateRandomStore(
  store: RandomStore,
  schema: string,
  target: CaseTarget,
  deps: EngineDeps,
  look: (judge: Judge, result: RunResult) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-random-'));
  try {
    const path = join(folder, 'store.db');
    buildRandomStore(path, store);
    const signal = new AbortController().signal;
    const options = { schema, onReject: 'quarantine' as const, jobs: 1, ...store.options };
    const { plan } = await planStores({ locations: [path], directory: folder, targetProfile: 'embedded', options, signal }, deps);
    forceTypes(plan, store);
    const setting: Setting = { path, folder, plan, target, deps };
    const result = await runProved(setting, plan);
    looked.stores++;
    await look((counted = result, checks = storeChecks(store)) => judgeRun(path, plan, counted, target, { checks }), result);
    if (store.again !== null) await runAgain(setting, store.again);
    await rollBack(setting, result);
    assert.deepEqual((await target.session.query(`SELECT nspname FROM pg_namespace WHERE nspname = '${schema}'`)).rows, []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Setting {
  readonly path: string;
  readonly folder: string;
  readonly plan: PlanInput;
  readonly target: CaseTarget;
  readonly deps: EngineDeps;
}

/** The verification matches, and every row is accounted for. */
async function runProved({ folder, target, deps }: Setting, plan: PlanInput): Promise<RunResult> {
  const result = await runMigration(runRequest(plan, join(folder, 'store.sluice.json'), target.choice, { overrides: { jobs: 1 } }), deps);
  assert.equal(result.verification.status, 'match', JSON.stringify(result.verification));
  const query = async (sql: string): Promise<readonly Record<string, unknown>[]> => (await target.session.query(sql)).rows;
  assertRowsAccounted(result.tables, await stateRows(String(result.runId), query), result.sources);
  note(plan, result);
  return result;
}

/** The same store into the tables that are there by now: rows are added, overwritten by themselves, or replaced, and roll back gives back what was there. */
async function runAgain(setting: Setting, wanted: NonNullable<RandomStore['again']>): Promise<void> {
  const { plan, path, target } = setting;
  const mode = await fitMode(setting, wanted);
  const before = await targetLines(plan, target);
  const again = { ...plan, options: { ...plan.options, mode } };
  const result = await runProved(setting, again);
  looked.again++;
  if (mode === 'upsert') assert.deepEqual(await targetLines(plan, target), before);
  else assert.deepEqual(await judgeRun(path, again, result, target, { before: mode === 'append' ? before : [] }), []);
  await rollBack(setting, result);
  assert.deepEqual(await targetLines(plan, target), before, 'roll back gives back what was there');
}

/** An upsert needs a key in every table; orphans that a NOT VALID key let stand could not be put back after a replace. */
async function fitMode({ plan, target }: Setting, wanted: NonNullable<RandomStore['again']>): Promise<typeof wanted> {
  const unproved = `SELECT 1 FROM pg_constraint WHERE NOT convalidated AND connamespace = '${plan.target.schema}'::regnamespace`;
  if (wanted === 'upsert') return plan.tables.every(({ primaryKey = [] }) => primaryKey.length > 0) ? 'upsert' : 'append';
  return wanted === 'replace' && (await target.session.query(unproved)).rows.length > 0 ? 'append' : wanted;
}

async function rollBack({ target, deps }: Setting, { runId }: RunResult): Promise<void> {
  await rollBackRun({ runId: String(runId), target: target.choice, purge: false, signal: new AbortController().signal }, deps);
}

function note({ tables }: PlanInput, result: RunResult): void {
  looked.tables += result.tables.length;
  for (const [at, { rowsRead, rowsWritten, rowsRejected }] of result.tables.entries()) {
    looked.rows += rowsRead;
    looked.rejected += rowsRejected;
    looked.cells += rowsWritten * (tables[at]?.columns ?? []).filter(({ from }) => from !== null).length;
  }
}

/** One table with a text, an empty text, an integer among them and a text that is rejected. */
const known: RandomStore = {
  options: { identifiers: 'preserve', emptyText: 'null', nulBytes: 'reject', invalidText: 'reject', timestamps: 'timestamptz' },
  forced: [],
  fullText: null,
  again: null,
  tables: [
    {
      name: 't',
      key: 'rowid',
      withoutRowid: false,
      strict: false,
      columns: [{ name: 'v', declared: 'INTEGER', kind: 'integer', rule: '' }],
      rows: [["'a'"], ["''"], ['7']],
      good: 500,
      indexes: [],
      unique: null,
      checks: [],
      refers: null,
      action: '',
      generated: null,
    },
  ],
};

/** Two rows beside the good ones, of which a CHECK is against the first. */
const guarded: RandomStore = {
  ...known,
  tables: known.tables.map((table) => ({ ...table, rows: [['200000'], ['777']], checks: [{ columns: [0, 0], form: 'range' }] })),
};
