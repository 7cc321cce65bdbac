import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceValue } from '../../src/core/model/source-value.ts';
import { delimitedSourceKind } from '../../src/core/sources/delimited/delimited-source-kind.ts';
import type { Dialect } from '../../src/core/sources/delimited/dialect.ts';
import type { Source, SourceSettings, SourceSnapshot } from '../../src/core/sources/source.ts';

/** What reading a file of delimited text gives. */
export interface ReadFile {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SourceValue[])[];
  readonly places: readonly string[];
  readonly dialect: Dialect;
  readonly notes: readonly string[];
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Freezes and reads the file at `path`, under what is found out beside `settings`. */
export async function readDelimitedFile(path: string, settings: SourceSettings = {}, batchBytes = 1 << 20): Promise<ReadFile> {
  return withFile(path, settings, async (source, snapshot) => {
    const [table] = (await source.introspect()).tables;
    const columns = (table?.columns ?? []).map(({ name }) => name);
    const rows: (readonly SourceValue[])[] = [];
    const places: string[] = [];
    for await (const batch of source.readBatches(table?.name ?? '', { columns, signal: never(), batchBytes })) {
      rows.push(...batch.rows);
      batch.rows.forEach((_, row) => places.push(batch.provenanceAt(row)));
    }
    return { columns, rows, places, dialect: snapshot.settings as unknown as Dialect, notes: table?.notes ?? [] };
  });
}

/** The same of a file that is made from `bytes`. */
export async function readDelimited(bytes: string | Uint8Array, settings?: SourceSettings, batchBytes?: number): Promise<ReadFile> {
  return withPath(bytes, (path) => readDelimitedFile(path, settings, batchBytes));
}

/** Works with the source that a file made from `bytes` is; its table is `t`. */
export async function withDelimited(
  bytes: string | Uint8Array,
  settings: SourceSettings,
  work: (source: Source) => Promise<void>,
): Promise<void> {
  await withPath(bytes, (path) => withFile(path, settings, work));
}

async function withPath<T>(bytes: string | Uint8Array, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-delimited-'));
  try {
    const path = join(folder, 't.csv');
    await writeFile(path, bytes);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withFile<T>(
  path: string,
  settings: SourceSettings,
  work: (source: Source, snapshot: SourceSnapshot) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-scratch-'));
  try {
    const snapshot = await delimitedSourceKind.freeze(path, { scratch, signal: never(), settings });
    const source = await delimitedSourceKind.attach(snapshot, silent);
    try {
      return await work(source, snapshot);
    } finally {
      await source.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function never(): AbortSignal {
  return new AbortController().signal;
}
