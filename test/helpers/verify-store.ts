import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Log } from '../../src/core/engine-deps.ts';
import type { TableVerification } from '../../src/core/model/discrepancy.ts';
import type { CompiledTable } from '../../src/core/plan/compiled-plan.ts';
import { attachSource, freezeSource } from '../../src/core/sources/registry.ts';
import type { Source } from '../../src/core/sources/source.ts';
import { copyInSql } from '../../src/core/sql/copy.ts';
import type { Target } from '../../src/core/target/target.ts';
import { compileRowEncoder } from '../../src/core/mapping/row-encoder.ts';
import { ByteWriter } from '../../src/core/tuple/byte-writer.ts';
import { sumSourceRange } from '../../src/core/verify/sum-source-range.ts';
import { sumTargetTable } from '../../src/core/verify/sum-target-table.ts';
import { verifyTable } from '../../src/core/verify/verify-table.ts';
import { copyHeader, copyTrailer } from './copy-bytes.ts';

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
export const never = new AbortController().signal;

export interface VerifyStore {
  readonly source: Source;
  remove(): Promise<void>;
}

/** A SQLite store made by a script, attached as a worker would. */
export async function openVerifyStore(sql: string): Promise<VerifyStore> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-verify-'));
  const path = join(folder, 'store.db');
  const database = new Database(path);
  database.exec(sql);
  database.close();
  const source = await attachSource(await freezeSource(path, { scratch: folder, signal: never }), log);
  return {
    source,
    remove: async () => {
      await source.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Loads a table in one COPY, without the loader; rows that cannot be converted are left out. Returns how many were. */
export async function loadTable(source: Source, target: Target, table: CompiledTable): Promise<number> {
  const encoder = compileRowEncoder(table.columns, table.options);
  const out = new ByteWriter();
  let rejected = 0;
  for await (const batch of source.readBatches(table.from, { columns: table.columns.map(({ from }) => from), signal: never })) {
    for (const row of batch.rows) if (encoder.encode(row, out) !== null) rejected++;
  }
  const copy = await target.copyIn(
    copyInSql(
      table.to,
      table.columns.map(({ to }) => to),
    ),
  );
  await copy.write(Buffer.concat([copyHeader, out.view(), copyTrailer]));
  await copy.end();
  return rejected;
}

/** Both passes as a run does them. */
export async function verify(
  source: Source,
  target: Target,
  table: CompiledTable,
  more: { readonly limit?: number; readonly excluded?: readonly string[] } = {},
): Promise<TableVerification> {
  const excluded = new Set(more.excluded);
  const sourceSums = await sumSourceRange({ source, table, range: {}, excluded, signal: never });
  const targetSums = await sumTargetTable({ target, table, signal: never });
  return verifyTable({ source, target, table, sourceSums, targetSums, excluded, limit: more.limit ?? 20, signal: never });
}
