import { rowAt, rowsIn, type RowBatch } from '../model/row-batch.ts';
import { isInWindow, type RowWindow } from '../model/watermark.ts';
import type { GroupBatch, GroupedTable, ReadOptions, Source } from './source.ts';

/**
 * A source whose rows below a window are not given, for a task that reads these tables: one, or those of a group, in the order in which they are asked
 * for. Everything else is answered as by the source. Rows keep their cursors and places.
 */
export function windowedSource(source: Source, windows: readonly (RowWindow | null)[]): Source {
  const [first = null] = windows;
  if (windows.every((window) => window === null)) return source;
  return {
    capabilities: source.capabilities,
    introspect: () => source.introspect(),
    profile: (table, options) => source.profile(table, options),
    readBatches: (table, options) => (first === null ? source.readBatches(table, options) : readWindow(source, table, options, first)),
    readPlaces: (table, places, options) => source.readPlaces(table, places, options),
    splitTable: (table, parts) => source.splitTable(table, parts),
    ...(source.groupTables === undefined ? {} : { groupTables: (tables: readonly string[]) => source.groupTables?.(tables) ?? [] }),
    ...(source.readGroup === undefined
      ? {}
      : {
          readGroup: (tables: readonly GroupedTable[], options: Omit<ReadOptions, 'columns'>) =>
            readGroup(source, tables, options, windows),
        }),
    ...(source.splitGroup === undefined
      ? {}
      : { splitGroup: (tables: readonly string[], parts: number) => source.splitGroup?.(tables, parts) ?? Promise.resolve([]) }),
    compareCursors: (a, b) => source.compareCursors(a, b),
    aggregates: (table, columns) => source.aggregates(table, columns),
    readPage: (table, request) => source.readPage(table, request),
    measureKeys: (table, request) => source.measureKeys(table, request),
    countRows: (table, filter) => source.countRows(table, filter),
    readView: (table, view, signal) => source.readView(table, view, signal),
    query: (sql) => source.query(sql),
    close: () => source.close(),
  };
}

async function* readWindow(
  source: Source,
  table: string,
  options: ReadOptions,
  window: RowWindow,
): AsyncGenerator<RowBatch, void, undefined> {
  const { columns, at } = withColumn(options.columns, window.column);
  for await (const batch of source.readBatches(table, { ...options, columns, window }))
    yield narrowed(batch, at, options.columns.length, window);
}

async function* readGroup(
  source: Source,
  tables: readonly GroupedTable[],
  options: Omit<ReadOptions, 'columns'>,
  windows: readonly (RowWindow | null)[],
): AsyncGenerator<GroupBatch, void, undefined> {
  const asked = tables.map(({ table, columns }, i) => {
    const window = windows[i] ?? null;
    return window === null ? { table, columns, at: -1 } : { table, ...withColumn(columns, window.column) };
  });
  for await (const { batches, cursor } of source.readGroup?.(asked, options) ?? [])
    yield {
      batches: batches.map((batch, i) => {
        const window = windows[i] ?? null;
        return window === null ? batch : narrowed(batch, asked[i]?.at ?? 0, tables[i]?.columns.length ?? 0, window);
      }),
      cursor,
    };
}

/** Columns to read, and where among them the one is that decides. */
function withColumn(columns: readonly string[], column: string): { readonly columns: readonly string[]; readonly at: number } {
  const at = columns.indexOf(column);
  return at < 0 ? { columns: [...columns, column], at: columns.length } : { columns, at };
}

/** `width`: columns that were asked for. */
function narrowed(batch: RowBatch, at: number, width: number, window: RowWindow): RowBatch {
  const size = rowsIn(batch);
  const vector = batch.columns?.vectors[at];
  const kept: number[] = [];
  for (let row = 0; row < size; row++)
    if (isInWindow((vector === undefined ? batch.rows[row]?.[at] : vector.at(row)) ?? null, window)) kept.push(row);
  if (kept.length === size && at < width) return batch;
  const number = (row: number): number => kept[row] ?? 0;
  const { brokenAt } = batch;
  return {
    rows: kept.map((row) => rowAt(batch, row).slice(0, width)),
    cursorAt: (row) => batch.cursorAt(number(row)),
    provenanceAt: (row) => batch.provenanceAt(number(row)),
    bytes: size === 0 ? 0 : Math.round((batch.bytes * kept.length) / size),
    ...(brokenAt === undefined ? {} : { brokenAt: (row: number) => brokenAt(number(row)) }),
  };
}
