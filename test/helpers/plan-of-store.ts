import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Log } from '../../src/core/engine-deps.ts';
import { planMigration, type MigrationSource, type PlanMigrationInput } from '../../src/core/plan/plan-migration.ts';
import { attachSource, freezeSource } from '../../src/core/sources/registry.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface StorePlanOptions {
  readonly options?: PlanMigrationInput['options'];
  readonly sample?: number;
}

/** Plans a SQLite store made by `sql`; `fill` adds what SQL text cannot say. */
export async function planOfStore(
  sql: string,
  { options, sample }: StorePlanOptions = {},
  fill?: (database: Database.Database) => void,
): Promise<ReturnType<typeof planMigration>> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-plan-'));
  try {
    const path = join(directory, 'store.db');
    const database = new Database(path);
    // As most programs leave it: orphans happen.
    database.pragma('foreign_keys = OFF');
    database.exec(sql);
    fill?.(database);
    database.close();
    return planMigration(migrationInput({ main: await readStore(path, directory, sample) }, options));
  } finally {
    await rm(directory, { recursive: true });
  }
}

export function migrationInput(
  sources: Readonly<Record<string, MigrationSource>>,
  options: PlanMigrationInput['options'] = {},
): PlanMigrationInput {
  return { name: 'test', sources, target: { profile: 'embedded', schema: 'public' }, options };
}

/** What planning needs to know of a store, read as a run reads it. */
export async function readStore(path: string, scratch: string, sample?: number): Promise<MigrationSource> {
  const signal = new AbortController().signal;
  const snapshot = await freezeSource(path, { scratch, signal });
  const source = await attachSource(snapshot, quiet);
  try {
    const catalog = await source.introspect();
    const profiles = [];
    for (const { name } of catalog.tables)
      profiles.push(await source.profile(name, { signal, ...(sample === undefined ? {} : { sample }) }));
    return { kind: 'sqlite', path: 'store.db', fingerprint: snapshot.fingerprint, profiled: sample ?? 'full', catalog, profiles };
  } finally {
    await source.close();
  }
}
