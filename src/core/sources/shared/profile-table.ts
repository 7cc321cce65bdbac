import { TableProfiler } from '../../inference/table-profiler.ts';
import type { TableProfile } from '../../model/column-profile.ts';
import { rowsIn, type KeyRange } from '../../model/row-batch.ts';
import type { Source } from '../source.ts';

type ProfileOptions = Parameters<Source['profile']>[1];

/** SQLite, of all stores, gives the fewest columns at once: 2,000, and the key comes with them. */
const columnsAtOnce = 1_500;

/** Places that a sample is taken from. */
const samplePlaces = 64;

/**
 * Profiles every row, or `sample` rows: runs of neighbours from up to 64 places spread evenly over the table. A table that cannot be split
 * is read whole and every so many rows are looked at.
 */
export async function profileTable(
  source: Source,
  table: string,
  columns: readonly string[],
  rows: number,
  options: ProfileOptions,
): Promise<TableProfile> {
  if (columns.length > columnsAtOnce) {
    const first = await profileTable(source, table, columns.slice(0, columnsAtOnce), rows, options);
    // The same rows once more: they were told.
    const { onRows: _, ...quietly } = options;
    const rest = await profileTable(source, table, columns.slice(columnsAtOnce), rows, quietly);
    return { ...first, columns: [...first.columns, ...rest.columns] };
  }
  const wanted = Math.min(options.sample ?? rows, rows);
  const profiler = new TableProfiler(table, columns, wanted);
  const ranges = wanted === rows ? [{}] : await source.splitTable(table, Math.min(samplePlaces, Math.max(1, wanted)));
  const stride = wanted < rows && ranges.length === 1 ? Math.ceil(rows / Math.max(1, wanted)) : 1;
  let read = 0;
  for (const [i, range] of ranges.entries()) {
    const share = wanted === rows ? Infinity : Math.floor((wanted * (i + 1)) / ranges.length) - Math.floor((wanted * i) / ranges.length);
    read = await profileRange(source, table, columns, { ...options, range, share, stride, profiler, read });
  }
  return profiler.finish(Math.max(rows, wanted === rows ? read : 0));
}

interface RangeOptions extends ProfileOptions {
  readonly range: KeyRange;
  /** Most rows to add. */
  readonly share: number;
  readonly stride: number;
  readonly profiler: TableProfiler;
  readonly read: number;
}

async function profileRange(source: Source, table: string, columns: readonly string[], options: RangeOptions): Promise<number> {
  const { range, share, stride, profiler, signal, onRows } = options;
  let read = options.read;
  let added = 0;
  let passed = 0;
  for await (const batch of source.readBatches(table, { ...range, columns, signal })) {
    const size = rowsIn(batch);
    const picked: number[] = [];
    for (let row = 0; row < size && added + picked.length < share; row++) if ((passed + row) % stride === 0) picked.push(row);
    passed += size;
    profiler.addFrom(batch, picked);
    added += picked.length;
    read += picked.length;
    onRows?.(picked.length);
    if (added >= share) break;
  }
  return read;
}
