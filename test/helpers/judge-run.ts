import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RunResult } from '../../src/core/index.ts';
import { planSchema, type PlanInput } from '../../src/core/plan/plan-schema.ts';
import { readRejects } from '../../src/core/state/reject-store.ts';
import type { CaseTarget } from './case-targets.ts';
import { judgeStore, targetQueries, type JudgedTable, type JudgedTarget } from './store-oracle.ts';

/** What the oracle is told beside a plan and its result. */
export interface JudgedRun {
  /** CHECKs of each table of the store, as SQLite has them: no other row may be refused by the server. Absent = not judged. */
  readonly checks?: Readonly<Record<string, readonly string[]>>;
  /** Lines of the target from before the run, where it added to what was there. */
  readonly before?: readonly string[];
}

/** Complaints of the foreign oracle about a whole run of one SQLite store: cells, rejects and counted changes. Every table of the store must be in the plan. */
export async function judgeRun(
  store: string,
  ran: PlanInput,
  result: RunResult,
  target: CaseTarget,
  { checks, before = [] }: JudgedRun = {},
): Promise<readonly string[]> {
  const plan = planSchema.parse(ran);
  const { schema } = plan.target;
  const rejects = await readRejects(target.session, String(result.runId), { limit: null });
  const database = new Database(store, { readonly: true });
  const tables = plan.tables.map((table): JudgedTable => {
    const own = result.losses.filter((loss) => loss.table === `${schema}.${String(table.to)}` && loss.values !== 0);
    return {
      table,
      schema,
      rowid: rowidName(database, String(table.from)),
      rejects,
      counts: Object.fromEntries(own.map(({ column, loss, values }) => [`${column}: ${loss}`, Number(values)])),
      checks: checks?.[String(table.from)] ?? (checks === undefined ? null : []),
    };
  });
  const stored = database
    .prepare<[], number>(
      "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .get();
  database.close();
  assert.equal(tables.length, stored, 'every table of the store is in the plan');
  const folder = mkdtempSync(join(tmpdir(), 'sluice-judge-'));
  try {
    return await judgeStore(store, plan.options, await judged(target, targetQueries(tables), folder), tables, before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the target holds in the tables of a plan, as the oracle reads it. */
export async function targetLines(ran: PlanInput, target: CaseTarget): Promise<readonly string[]> {
  const plan = planSchema.parse(ran);
  const queries = targetQueries(plan.tables.map((table) => ({ table, schema: plan.target.schema })));
  return (await readLines(target, queries)).toSorted();
}

async function judged(target: CaseTarget, queries: readonly string[], folder: string): Promise<JudgedTarget> {
  if (target.psql !== null) return { command: target.psql, script: queries.map((query) => `${query};\n`).join('') };
  const file = join(folder, 'lines');
  writeFileSync(file, (await readLines(target, queries)).map((line) => `${line}\n`).join(''));
  return { file };
}

async function readLines(target: CaseTarget, queries: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const query of queries) lines.push(...(await target.session.query(query)).rows.map((row) => String(row['line'])));
  return lines;
}

function rowidName(database: Database.Database, table: string): string | null {
  const quoted = `"${table.replaceAll('"', '""')}"`;
  const columns = database.pragma(`table_xinfo(${quoted})`) as readonly { readonly name: string }[];
  const name = ['rowid', '_rowid_', 'oid'].find((one) => !columns.some((column) => column.name.toLowerCase() === one));
  try {
    database.prepare(`SELECT ${name} FROM ${quoted}`);
    return name ?? null;
  } catch {
    return null;
  }
}
