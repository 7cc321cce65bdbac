import assert from 'node:assert/strict';
import { MigrationError, rollBackRun, type RollBackResult, type RunResult } from '../../src/core/index.ts';
import { EngineSession } from '../../src/core/run/engine-session.ts';
import type { Target } from '../../src/core/target/target.ts';
import type { Bench } from './engine.ts';

/** One look past the engine at the target of a bench; on the embedded target each look costs seconds, so that what belongs together is done in one. */
export async function inTarget<T>(bench: Bench, work: (target: Target) => Promise<T>): Promise<T> {
  const engine = new EngineSession(bench.deps, 1);
  try {
    return await work(await engine.openTarget(bench.choice));
  } finally {
    await engine.close();
  }
}

export function execute(bench: Bench, ...statements: readonly string[]): Promise<void> {
  return inTarget(bench, async (target) => {
    for (const sql of statements) await target.query(sql);
  });
}

/** First column of each row of each query. */
export function ask(bench: Bench, ...queries: readonly string[]): Promise<readonly (readonly string[])[]> {
  return inTarget(bench, async (target) => {
    const answers: string[][] = [];
    for (const sql of queries) answers.push((await target.query(sql)).rows.map((row) => String(Object.values(row)[0])));
    return answers;
  });
}

/** All rows of all tables of a schema, every column, in a fixed order: what pg_dump --data-only would say. */
export function contents(bench: Bench, schema = 'public'): Promise<Readonly<Record<string, readonly string[]>>> {
  return inTarget(bench, async (target) => {
    const tables = await target.query(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = '${schema}'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
    );
    const found: Record<string, readonly string[]> = {};
    for (const { name } of tables.rows) {
      const { rows } = await target.query(`SELECT t::text AS row FROM ${schema}."${String(name)}" AS t ORDER BY t::text COLLATE "C"`);
      found[String(name)] = rows.map(({ row }) => String(row));
    }
    return found;
  });
}

/** The run is done and proved, and what it says of its rows adds up in its result and in its state. */
export function assertProved(result: RunResult, rows: number, rejects = 0): void {
  assert.equal(result.verification.status, 'match', JSON.stringify(result.verification.tables, null, 1));
  assert.equal(result.status, rejects === 0 ? 'done' : 'partial');
  assert.equal(result.rejects, rejects);
  const sum = (of: (table: RunResult['tables'][number]) => number): number => result.tables.reduce((total, table) => total + of(table), 0);
  assert.equal(
    sum((table) => table.rowsWritten),
    rows,
  );
  assert.equal(
    sum((table) => table.rowsRead),
    rows + rejects,
  );
}

export function rollBack(bench: Bench, runId: string | null, purge = false): Promise<RollBackResult> {
  return rollBackRun({ runId: String(runId), target: bench.choice, purge, signal: new AbortController().signal }, bench.deps);
}

/** For assert.rejects: the code, and every pattern in the message. */
export function failsWith(code: string, ...patterns: readonly RegExp[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof MigrationError, String(error));
    assert.equal(error.code, code, error.message);
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  };
}
