import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../src/core/index.ts';
import { buildFaultStore, faultRows, faultTables } from '../helpers/fault-store.ts';
import { askOracle, requirePython } from '../helpers/oracle.ts';
import { requirePostgres, startCluster, type OwnCluster } from '../helpers/postgres.ts';

/** A durable server of a test's own and a store; made once per test file. */
export interface FaultSetting {
  readonly cluster: OwnCluster;
  readonly store: string;
  readonly rows: number;
  /** A new empty database, its name and URL. */
  createDatabase(): Promise<{ readonly name: string; readonly url: string }>;
  remove(): Promise<void>;
}

export async function faultSetting(context: Mocha.Context, rows: number): Promise<FaultSetting> {
  requirePython(context);
  await requirePostgres(context);
  context.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fault-'));
  const store = join(folder, 'readings.db');
  buildFaultStore(store, rows);
  // What was committed has to survive: fsync as a user's server has it.
  const cluster = await startCluster({ fsync: true });
  let databases = 0;
  return {
    cluster,
    store,
    rows,
    createDatabase: async () => {
      const name = `fault_${++databases}`;
      return { name, url: await cluster.createDatabase(name) };
    },
    remove: async () => {
      await cluster.remove();
      if (existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}

/** The run says that all is well, and a foreign reader that shares nothing with it agrees: no row missing, twice or changed. */
export async function assertMigrated(setting: FaultSetting, url: string, result: RunResult): Promise<void> {
  assert.equal(result.status, 'done');
  assert.equal(result.verification.status, 'match');
  assert.equal(
    result.tables.reduce((sum, table) => sum + table.rowsWritten, 0),
    faultRows(setting.rows),
  );
  for (const table of faultTables) {
    const answer = await askOracle(setting.store, { psql: join(setting.cluster.bin, 'psql'), url }, table);
    const { missing, extra, different, first } = answer;
    assert.deepEqual({ missing, extra, different, first }, { missing: 0, extra: 0, different: 0, first: [] }, table.source);
  }
}
