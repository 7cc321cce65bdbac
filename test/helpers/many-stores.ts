import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMigration, type RunRequest, type RunResult } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { inDuckDb } from './duckdb.ts';
import type { Bench } from './engine.ts';
import { runRequest } from './run-request.ts';

type Table = PlanInput['tables'][number];

/** The SQLite store of the bench: parents, and a table that another store has as well. */
export const systemsSeed = `
  CREATE TABLE system (code TEXT PRIMARY KEY, name TEXT, main_account INTEGER);
  INSERT INTO system VALUES ('a', 'Alpha', 1), ('b', 'Beta', 2), ('c', 'Gamma', NULL);
  CREATE TABLE item (id INTEGER PRIMARY KEY, label TEXT);
  INSERT INTO item VALUES (1, 'one'), (2, 'two');`;

/** Beside it: accounts as delimited text, items as DuckDB and days as Parquet. One account has no system. */
export async function layStores(folder: string, accounts = 'id,system,owner\n1,a,Ann\n2,b,Bob\n3,x,Eve\n'): Promise<void> {
  writeFileSync(join(folder, 'accounts.csv'), accounts);
  await inDuckDb(join(folder, 'facts.duckdb'), async (duckdb) => {
    await duckdb.run('CREATE TABLE item (id INTEGER PRIMARY KEY, account BIGINT); INSERT INTO item VALUES (10, 1), (11, 2), (12, 2)');
  });
  await inDuckDb(null, async (duckdb) => {
    await duckdb.run(
      `COPY (SELECT n % 3 + 1 AS account, DATE '2026-01-01' + n::INTEGER AS day FROM range(6) AS r(n)) TO '${join(folder, 'days.parquet')}' (FORMAT parquet)`,
    );
  });
}

export const systemTable: Table = {
  source: 'meta',
  from: 'system',
  to: 'system',
  columns: [
    { from: 'code', to: 'code', type: 'text', nullable: false },
    { from: 'name', to: 'name', type: 'text' },
    { from: 'main_account', to: 'main_account', type: 'bigint' },
  ],
  primaryKey: ['code'],
};

export const accountTable: Table = {
  source: 'accounts',
  from: 'accounts',
  to: 'account',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', nullable: false },
    { from: 'system', to: 'system', type: 'text' },
    { from: 'owner', to: 'owner', type: 'text' },
  ],
  primaryKey: ['id'],
  foreignKeys: [{ columns: ['system'], references: 'system', referencesColumns: ['code'] }],
};

export const itemTables: readonly Table[] = [
  {
    source: 'meta',
    from: 'item',
    to: 'item',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'label', to: 'label', type: 'text' },
    ],
    primaryKey: ['id'],
  },
  {
    source: 'facts',
    from: 'item',
    to: 'facts_item',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'account', to: 'account', type: 'bigint' },
    ],
    primaryKey: ['id'],
    foreignKeys: [{ columns: ['account'], references: 'account', referencesColumns: ['id'] }],
  },
];

const dayTable: Table = {
  source: 'days',
  from: 'days',
  to: 'day',
  columns: [
    { from: 'account', to: 'account', type: 'bigint', nullable: false },
    { from: 'day', to: 'day', type: 'date', nullable: false },
  ],
  primaryKey: ['account', 'day'],
  foreignKeys: [{ columns: ['account'], references: 'account', referencesColumns: ['id'] }],
};

/** Children stand before their parents, so that the order of the plan is not that of the load. */
export function storesPlan(changes: Partial<PlanInput> = {}): PlanInput {
  return {
    version: 1,
    name: 'stores',
    sources: {
      meta: { kind: 'sqlite', path: 'store.db' },
      accounts: { kind: 'delimited', path: 'accounts.csv' },
      facts: { kind: 'duckdb', path: 'facts.duckdb' },
      days: { kind: 'parquet', path: 'days.parquet' },
    },
    target: { profile: 'embedded' },
    tables: [dayTable, ...itemTables, accountTable, systemTable],
    ...changes,
  };
}

/** As `sluice run` with this plan in the folder of the stores. */
export function runStores(bench: Bench, plan: PlanInput, settings: Partial<RunRequest> = {}): Promise<RunResult> {
  const path = join(bench.folder, 'stores.sluice.json');
  writeFileSync(path, JSON.stringify(plan));
  return runMigration(runRequest(plan, path, bench.choice, settings), bench.deps);
}
