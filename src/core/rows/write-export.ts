import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { MigrationError } from '../errors.ts';
import type { ExportFormat } from '../model/rows.ts';
import type { ExportValue } from '../model/export-value.ts';
import { createExportWriter, type ExportedTable } from './export-writers.ts';

export interface ExportFile {
  readonly format: ExportFormat;
  /** Absolute. */
  readonly path: string;
  /** Where it is written first: a name beside `path` that nobody has. */
  readonly partPath: string;
}

/**
 * Writes rows to a file, which appears under its name only when it is whole; nothing is left behind otherwise. Memory is bounded by one batch. Returns
 * the number of rows. Throws `cannot-write-file`, `cancelled`, or what reading throws.
 */
export async function writeExport(
  file: ExportFile,
  table: ExportedTable,
  batches: AsyncIterable<readonly (readonly ExportValue[])[]>,
  signal: AbortSignal,
): Promise<number> {
  const writer = createExportWriter(file.format, table);
  const handle = await writing(file, () => open(file.partPath, 'wx', 0o644));
  let whole = false;
  try {
    let rows = 0;
    await write(file, handle, writer.head);
    for await (const batch of batches) {
      if (signal.aborted) throw new MigrationError('cancelled');
      await write(file, handle, writer.rows(batch, rows === 0));
      rows += batch.length;
    }
    await write(file, handle, writer.foot(rows === 0));
    await writing(file, () => handle.close());
    if (signal.aborted) throw new MigrationError('cancelled');
    await writing(file, () => rename(file.partPath, file.path));
    whole = true;
    return rows;
  } finally {
    if (!whole) {
      await handle.close().catch(() => undefined);
      await rm(file.partPath, { force: true }).catch(() => undefined);
    }
  }
}

async function write(file: ExportFile, handle: FileHandle, text: string): Promise<void> {
  if (text !== '') await writing(file, () => handle.appendFile(text));
}

async function writing<T>({ path }: ExportFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new MigrationError('cannot-write-file', {
      context: { path, detail: error instanceof Error ? error.message : String(error) },
      cause: error,
    });
  }
}
