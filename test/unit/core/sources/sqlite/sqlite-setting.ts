import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Log } from '../../../../../src/core/engine-deps.ts';
import type { SourceValue } from '../../../../../src/core/model/source-value.ts';
import { attachSource, freezeSource } from '../../../../../src/core/sources/registry.ts';
import type { CopyRule, ReadOptions, Source, SourceSnapshot } from '../../../../../src/core/sources/source.ts';

export const never = new AbortController().signal;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Folders and sources of one test file; everything is closed and removed by `clear`, to be called after each test. */
export class SqliteSetting {
  readonly #sources: Source[] = [];
  #directory: string | null = null;

  /** A folder for the store, beside one for private copies. */
  get folder(): string {
    this.#directory ??= mkdtempSync(join(tmpdir(), 'sluice-sqlite-'));
    const folder = join(this.#directory, 'store');
    mkdirSync(folder, { recursive: true });
    mkdirSync(this.scratch, { recursive: true });
    return folder;
  }

  get scratch(): string {
    return join(this.#directory!, 'scratch');
  }

  /** Makes a database from SQL and returns its path. */
  make(sql: string, name = 'store.db'): string {
    const path = join(this.folder, name);
    const database = new Database(path);
    // Lets a test write what only other programs can, such as a virtual table of an extension.
    database.unsafeMode();
    database.exec(sql);
    database.close();
    return path;
  }

  async freeze(path: string, copy: CopyRule = 'where-in-use'): Promise<SourceSnapshot> {
    return freezeSource(path, { scratch: this.scratch, copy, signal: never });
  }

  async open(path: string): Promise<Source> {
    const source = await attachSource(await this.freeze(path), silent);
    this.#sources.push(source);
    return source;
  }

  /** Opens a database made from SQL. */
  async with(sql: string): Promise<Source> {
    return this.open(this.make(sql));
  }

  listing(): readonly string[] {
    return readdirSync(this.folder).toSorted();
  }

  async clear(): Promise<void> {
    for (const source of this.#sources.splice(0)) await source.close();
    if (this.#directory !== null) rmSync(this.#directory, { recursive: true, force: true });
    this.#directory = null;
  }
}

export async function readRows(
  source: Source,
  table: string,
  columns: readonly string[],
  options: Partial<ReadOptions> = {},
): Promise<SourceValue[][]> {
  const rows: SourceValue[][] = [];
  for await (const batch of source.readBatches(table, { columns, signal: never, ...options }))
    rows.push(...batch.rows.map((row) => [...row]));
  return rows;
}
