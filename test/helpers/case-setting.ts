import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  diffSchemas,
  MigrationError,
  planStores,
  readRunReport,
  rollBackRun,
  runMigration,
  type EngineDeps,
  type PlanResult,
  type RunReport,
  type RunRequest,
  type RunResult,
} from '../../src/core/index.ts';
import type { Reject } from '../../src/core/model/run.ts';
import type { PlanInput, PlanOptions } from '../../src/core/plan/plan-schema.ts';
import { renderMarkdown } from '../../src/core/report/render-markdown.ts';
import { quoteIdentifier } from '../../src/core/sql/quote.ts';
import { readRejects } from '../../src/core/state/reject-store.ts';
import type { TargetSession } from '../../src/core/target/target.ts';
import { photograph } from './photograph.ts';
import type { CaseTarget, CaseTargetName } from './case-targets.ts';
import { everyObject } from './every-object.ts';
import { describeOnCaseTargets, type OpenedTarget } from './describe-on-case-targets.ts';
import { judgeRun } from './judge-run.ts';
import type { OracleKind } from './oracle.ts';
import { assertRowsAccounted, stateRows } from './row-accounting.ts';
import { runRequest } from './run-request.ts';

/** A store and how it is to be migrated. */
export interface CaseStore {
  /** Makes a SQLite store; or `file` is a store that is there, which is copied; or another maker is asked. */
  readonly sql?: string;
  /** Makes a store of another kind at a path whose ending it may choose, and gives that path; `count` counts its rows. */
  readonly make?: ForeignStore;
  readonly file?: string;
  /** A file of delimited text in place of a database, and the records in it as a person counts them: those that cannot be read as well, but no header. */
  readonly text?: { readonly name: string; readonly bytes: string | Uint8Array; readonly records: number };
  /** Adds what SQL text cannot say. */
  readonly fill?: (database: Database.Database) => void;
  /** Options that the plan is made with. */
  readonly options?: Partial<PlanOptions>;
  /** Changes the plan, in place, before it runs. */
  readonly edit?: (plan: PlanInput) => void;
  /** Objects of the plan that its rows do not let the run make, without their schema: the re-diff names them and nothing else. */
  readonly unmade?: readonly string[];
  /** Beside `onReject: quarantine`. */
  readonly settings?: Partial<RunRequest>;
}

export interface ForeignStore {
  create(folder: string): Promise<string>;
  count(location: string, tables: readonly string[]): Promise<readonly (readonly [string, number])[]>;
}

/** What a case looks at after its run. */
export interface CaseRun {
  /** The store. */
  readonly store: string;
  /** Schema of the target that the case has for itself. */
  readonly schema: string;
  readonly planned: PlanResult;
  /** As it ran. */
  readonly plan: PlanInput;
  readonly result: RunResult;
  readonly report: RunReport;
  /** The report as Markdown. */
  readonly reportText: string;
  /** All of `sluice.reject`. */
  readonly rejects: readonly Reject[];
  /** Column of the plan. */
  column(name: string, table?: string): PlanColumnInput;
  /** A table's name as SQL takes it. */
  name(table: string): string;
  /** Values of a column as text, in the order of `id`. */
  cells(column: string, table?: string): Promise<readonly (string | null)[]>;
  /** Rows of a query whose columns have different names, each as the list of its values: int8 and numeric as text, bytea as Uint8Array. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Does something in the target and takes it back. */
  attempt(work: (session: TargetSession) => Promise<void>): Promise<void>;
  /** Every cell of every loaded row, by Python's sqlite3 and by psql; `where` leaves out the rejected rows. The first column is an integer key. */
  compare(table: string, columns: Readonly<Record<string, OracleKind>>, where?: string): Promise<void>;
  /** The same without a list of columns, for a whole store of tables, with rejects and counted changes: complaints of the foreign oracle. */
  judge(): Promise<readonly string[]>;
  /** Changed values as the report counts them: `column: what` → number. */
  losses(table?: string): Readonly<Record<string, number | null>>;
}

type PlanColumnInput = NonNullable<PlanInput['tables'][number]['columns']>[number];

export interface CaseSetting {
  readonly target: CaseTargetName;
  /** The database that the cases of this file share. */
  readonly at: () => CaseTarget;
  readonly deps: () => EngineDeps;
  /**
   * Makes the store, plans and runs it, lets `inspect` look, and rolls back. Beside what `inspect` asserts: source rows = loaded + rejected for each
   * table, in the result, the report and the state tables; verification `match`; a re-diff that is empty; a roll back that leaves nothing; a folder
   * of the source that is as it was.
   */
  migrate(store: CaseStore, inspect?: (run: CaseRun) => Promise<void> | void): Promise<void>;
  /** Makes the store and runs it: the run must be refused with `code`, leave nothing in the target and the source's folder as it was. */
  refuse(store: CaseStore, code: string): Promise<MigrationError>;
  /** Makes the store and the plan only. */
  plan(store: CaseStore): Promise<PlanResult>;
}

/** Declares the tests of one edge case on PostgreSQL and on the embedded target; the title of each suite begins with the id. */
export function describeCase(id: string, title: string, cases: (setting: CaseSetting) => void): void {
  describeOnCaseTargets(`${id} ${title}`, (name, opened) => cases(new Setting(id, name, opened)));
}

let schemas = 0;

/** A store on disk with the plan made for it. */
interface Prepared {
  readonly store: string;
  readonly folder: string;
  readonly planPath: string;
  readonly schema: string;
  readonly planned: PlanResult;
  readonly plan: PlanInput;
  /** The source's folder before anything was read. */
  readonly before: readonly string[];
  readonly objects: readonly string[];
}

class Setting implements CaseSetting {
  readonly target: CaseTargetName;
  readonly at: () => CaseTarget;
  readonly deps: () => EngineDeps;
  readonly #id: string;

  constructor(id: string, target: CaseTargetName, opened: () => OpenedTarget) {
    this.#id = id;
    this.target = target;
    this.at = () => opened().target;
    this.deps = () => opened().deps;
  }

  async migrate(store: CaseStore, inspect: (run: CaseRun) => Promise<void> | void = () => undefined): Promise<void> {
    await this.#withStore(store, async (prepared) => {
      const result = await runMigration(this.#request(prepared, store), this.deps());
      const runId = String(result.runId);
      const report = await readRunReport(this.at().choice, runId, this.deps());
      await this.#assertProved(prepared, store, result, report);
      const rejects = await readRejects(this.at().session, runId, { limit: null });
      await inspect(new Run(this.at(), prepared, result, report, rejects));
      await this.#assertRollsBack(prepared, runId);
    });
  }

  async refuse(store: CaseStore, code: string): Promise<MigrationError> {
    let refusal: MigrationError | undefined;
    await this.#withStore(store, async (prepared) => {
      await assert.rejects(runMigration(this.#request(prepared, store), this.deps()), (error) => {
        assert.ok(error instanceof MigrationError, String(error));
        assert.equal(error.code, code, error.message);
        refusal = error;
        return true;
      });
      assert.deepEqual(await this.#objects(), prepared.objects, 'a refused run leaves nothing in the target');
    });
    return present(refusal);
  }

  async plan(store: CaseStore): Promise<PlanResult> {
    let planned: PlanResult | undefined;
    await this.#withStore(store, (prepared) => Promise.resolve(void (planned = prepared.planned)));
    return present(planned);
  }

  async #withStore(store: CaseStore, work: (prepared: Prepared) => Promise<void>): Promise<void> {
    const root = mkdtempSync(join(tmpdir(), 'sluice-case-'));
    try {
      const prepared = await this.#prepare(root, store);
      await work(prepared);
      assert.deepEqual(await photograph(prepared.folder), prepared.before, "the source's folder is as it was");
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }

  async #prepare(root: string, store: CaseStore): Promise<Prepared> {
    const folder = join(root, 'store');
    mkdirSync(folder);
    const path =
      store.make === undefined ? makeStore(join(folder, store.text?.name ?? 'store.db'), store) : await store.make.create(folder);
    const before = await photograph(folder);
    const objects = await this.#objects();
    const schema = `${this.#id.toLowerCase()}_${++schemas}`;
    const planned = await planStores(
      {
        locations: [path],
        directory: root,
        targetProfile: 'embedded',
        options: { schema, onReject: 'quarantine', ...store.options },
        signal: never(),
      },
      this.deps(),
    );
    const plan = structuredClone(planned.plan);
    store.edit?.(plan);
    return { store: path, folder, planPath: join(root, 'store.sluice.json'), schema, planned, plan, before, objects };
  }

  #request({ plan, planPath }: Prepared, { settings }: CaseStore): RunRequest {
    return runRequest(plan, planPath, this.at().choice, settings);
  }

  async #assertProved({ plan, planPath, schema }: Prepared, store: CaseStore, result: RunResult, report: RunReport): Promise<void> {
    const state = await stateRows(String(result.runId), async (sql) => (await this.at().session.query(sql)).rows);
    await assertAccounted(result, state, store);
    assert.deepEqual(report.tables, result.tables, 'the report tells the same rows as the result');
    assert.equal(report.rejects.total, result.rejects);
    assert.equal(result.verification.status, 'match', JSON.stringify(result.verification, null, 1));
    for (const { table, targetRows } of result.verification.tables)
      assert.equal(targetRows, result.tables.find(({ to }) => to === table)?.rowsWritten, `${table}: rows in the target`);
    const diff = await diffSchemas(
      { input: { text: JSON.stringify(plan), path: planPath }, target: this.at().choice, signal: never() },
      this.deps(),
    );
    const missing = diff.adds.map(({ name }) => name);
    const unmade = (store.unmade ?? []).map((name) => `${schema}.${name}`);
    assert.deepEqual([missing, diff.deletes, diff.alters], [unmade, [], []], 'the plan and the target are the same');
  }

  async #assertRollsBack({ objects }: Prepared, runId: string): Promise<void> {
    await rollBackRun({ runId, target: this.at().choice, purge: true, signal: never() }, this.deps());
    assert.deepEqual(await this.#objects(), objects, 'roll back leaves nothing');
  }

  async #objects(): Promise<readonly string[]> {
    return (await this.at().session.query(everyObject)).rows.map((row) => String(row['line']));
  }
}

class Run implements CaseRun {
  readonly store: string;
  readonly schema: string;
  readonly planned: PlanResult;
  readonly plan: PlanInput;
  readonly result: RunResult;
  readonly report: RunReport;
  readonly reportText: string;
  readonly rejects: readonly Reject[];
  readonly #target: CaseTarget;

  constructor(target: CaseTarget, prepared: Prepared, result: RunResult, report: RunReport, rejects: readonly Reject[]) {
    this.#target = target;
    this.store = prepared.store;
    this.schema = prepared.schema;
    this.planned = prepared.planned;
    this.plan = prepared.plan;
    this.result = result;
    this.report = report;
    this.reportText = renderMarkdown(report);
    this.rejects = rejects;
  }

  column(name: string, table = 't'): PlanColumnInput {
    return columnOf(this.plan, name, table);
  }

  name(table: string): string {
    return `${quoteIdentifier(this.schema)}.${quoteIdentifier(table)}`;
  }

  async cells(column: string, table = 't'): Promise<readonly (string | null)[]> {
    const rows = await this.query(`SELECT ${quoteIdentifier(column)}::text FROM ${this.name(table)} ORDER BY id`);
    return rows.map(([cell]) => cell as string | null);
  }

  async query(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#target.session.query(sql)).rows.map((row) => Object.values(row));
  }

  async attempt(work: (session: TargetSession) => Promise<void>): Promise<void> {
    const takenBack = new Error('taken back');
    await this.#target.session
      .transaction(async (session) => {
        await work(session);
        throw takenBack;
      })
      .catch((error: unknown) => {
        if (error !== takenBack) throw error;
      });
  }

  async compare(table: string, columns: Readonly<Record<string, OracleKind>>, where?: string): Promise<void> {
    const request = { source: table, target: this.name(table), columns, ...(where === undefined ? {} : { where }) };
    const { sourceRows, targetRows, ...found } = await this.#target.compare(this.store, request);
    assert.deepEqual(found, { missing: 0, extra: 0, different: 0, first: [] }, `${table}, as a foreign reader sees it`);
    assert.equal(sourceRows, targetRows);
  }

  judge(): Promise<readonly string[]> {
    return judgeRun(this.store, this.plan, this.result, this.#target);
  }

  losses(table = 't'): Readonly<Record<string, number | null>> {
    const own = this.report.losses.filter((loss) => loss.table === `${this.schema}.${table}`);
    return Object.fromEntries(own.map(({ column, loss, values }) => [`${column}: ${loss}`, values]));
  }
}

/** A column of a plan, for `edit` and for looking. */
export function columnOf(plan: PlanInput, name: string, table = 't'): PlanColumnInput {
  const column = plan.tables.find(({ from }) => from === table)?.columns?.find(({ from }) => from === name);
  return present(column);
}

/**
 * A store with one table `t (id, v)`, `v` declared as `declared`: `values` (SQL expressions) with the ids 1, 2, …, among 1,000 good rows whose
 * `v` is the SQL expression `good` of `n` (1 … 1000), with the ids 1001, 1002, …
 */
export function amongGoodRows(declared: string, values: readonly string[], good: string): CaseStore {
  return {
    sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, v ${declared});
      ${values.map((value, i) => `INSERT INTO t VALUES (${i + 1}, ${value});`).join('\n')}
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000) INSERT INTO t SELECT 1000 + n, ${good} FROM c;`,
  };
}

/** A foreign store is counted by its own program, which answers later; a file of text by who wrote it. */
async function assertAccounted(result: RunResult, state: Awaited<ReturnType<typeof stateRows>>, { make, text }: CaseStore): Promise<void> {
  if (text !== undefined)
    return assertRowsAccounted(result.tables, state, result.sources, (_location, tables) => tables.map((table) => [table, text.records]));
  if (make === undefined) return assertRowsAccounted(result.tables, state, result.sources);
  const tables = result.tables.map(({ from }) => from);
  const counted = await make.count(Object.values(result.sources)[0] ?? '', tables);
  return assertRowsAccounted(result.tables, state, result.sources, () => counted);
}

function makeStore(path: string, { sql = '', file, fill, text }: CaseStore): string {
  if (text !== undefined) {
    writeFileSync(path, text.bytes);
    return path;
  }
  if (file !== undefined) {
    copyFileSync(file, path);
    return path;
  }
  const database = new Database(path);
  // As most programs leave it: orphans happen.
  database.pragma('foreign_keys = OFF');
  database.exec(sql);
  fill?.(database);
  database.close();
  return path;
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}
