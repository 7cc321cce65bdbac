import { MigrationError } from '../errors.ts';
import { readTogether, type RowReader } from '../sources/read-together.ts';
import { rowsIn } from '../model/row-batch.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { BatchScanner, scanSource, type SourceScan, type SourceVisitor } from './scan-source.ts';

/** What the target should hold of a table. `rejected` rows are not in `rows`. */
export interface SourceSums {
  readonly sums: BucketSums;
  readonly rows: number;
  readonly rejected: number;
}

/** Pass 1 of the source for one table. */
export async function sumSourceRange(scan: SourceScan): Promise<SourceSums> {
  const { sums, visit } = summing(scan.table);
  return { sums, ...(await scanSource(scan, visit)) };
}

export interface TogetherScan extends Pick<SourceScan, 'signal' | 'onRows'> {
  readonly source: RowReader;
  /** Read in one pass; a source without groups reads one. */
  readonly tables: readonly CompiledTable[];
  /** For each table. */
  readonly excluded: readonly SourceScan['excluded'][];
}

/** Pass 1 of the source for tables that are read together. */
export async function sumSourceTogether({ source, tables, excluded, signal, onRows }: TogetherScan): Promise<readonly SourceSums[]> {
  const sides = tables.map((table, i) => {
    const { sums, visit } = summing(table);
    return { sums, scanner: new BatchScanner(table, excluded[i] ?? new Set(), visit) };
  });
  for await (const { batches } of readTogether(source, tables, { signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    for (const [i, batch] of batches.entries()) {
      sides[i]?.scanner.read(batch);
      onRows?.(rowsIn(batch));
    }
  }
  return sides.map(({ sums, scanner }) => ({ sums, ...scanner.counts }));
}

function summing(table: CompiledTable): { readonly sums: BucketSums; readonly visit: SourceVisitor } {
  const summer = TupleSummer.create(table.columns, table.key);
  const sums = new BucketSums();
  return { sums, visit: (buffer, start, end) => summer.add(sums, buffer, start, end) };
}
