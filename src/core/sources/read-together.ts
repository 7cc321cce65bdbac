import { MigrationError } from '../errors.ts';
import type { Cursor, RowBatch } from '../model/row-batch.ts';
import type { ReadOptions, Source } from './source.ts';

/** What is read in one go: rows of one table, or of whole documents for all tables of a group. */
export interface ReadStep {
  /** In the order of the tables. */
  readonly batches: readonly RowBatch[];
  /** Behind all of it; null = there is one batch, which may be left behind any row. */
  readonly cursor: Cursor | null;
}

/** A table in the source, and the columns to read. */
export interface TableToRead {
  readonly from: string;
  readonly columns: readonly { readonly from: string }[];
}

/** What of a source gives rows. */
export type RowReader = Pick<Source, 'readBatches' | 'readGroup'>;

/** The rows of tables that the source reads in one pass; a source without groups reads one table. */
export async function* readTogether(
  source: RowReader,
  tables: readonly TableToRead[],
  options: Omit<ReadOptions, 'columns'>,
): AsyncGenerator<ReadStep, void, undefined> {
  const asked = tables.map(({ from, columns }) => ({ table: from, columns: columns.map((column) => column.from) }));
  if (source.readGroup !== undefined) {
    yield* source.readGroup(asked, options);
    return;
  }
  const [only] = asked;
  if (only === undefined || asked.length > 1)
    throw new MigrationError('internal', { context: { detail: `a source without groups is asked for ${asked.length} tables at once` } });
  for await (const batch of source.readBatches(only.table, { ...options, columns: only.columns })) yield { batches: [batch], cursor: null };
}
