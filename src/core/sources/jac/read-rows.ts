import { rowAt, rowsIn, type Provenance, type RowBatch } from '../../model/row-batch.ts';
import { UnreadableRecord, type SourceValue } from '../../model/source-value.ts';
import { quoteName, quoteText } from '../shared/quote-name.ts';
import { sizeOf } from '../shared/value-size.ts';
import type { Source } from '../source.ts';
import { readStored } from './graph/stored-value.ts';
import type { StoredTable } from './graph/stored-table.ts';

/** What to read for some columns: what tells the place of a row comes behind them. */
export function rowColumns(table: StoredTable, columns: readonly string[]): readonly string[] {
  return [...columns, ...placeColumns(table).filter((name) => !columns.includes(name))];
}

/** Batches of the database as those of the store. */
export async function* readRows(
  batches: AsyncIterable<RowBatch>,
  table: StoredTable,
  columns: readonly string[],
): AsyncGenerator<RowBatch, void, undefined> {
  const words = columns.map((name) => table.columns.find((column) => column.name === name)?.declared ?? '');
  const read = rowColumns(table, columns);
  const at = placeColumns(table).map((name) => read.indexOf(name));
  const isUnreadable = table.catalog.name === 'unreadable';
  for await (const batch of batches) {
    const whole = Array.from({ length: rowsIn(batch) }, (_, row) => rowAt(batch, row));
    yield {
      rows: whole.map((row) =>
        isUnreadable
          ? unreadableRow(
              at.map((place) => row[place] ?? null),
              words.length,
            )
          : words.map((word, i) => readStored(row[i] ?? null, word)),
      ),
      cursorAt: batch.cursorAt,
      provenanceAt: (row) =>
        placeOf(
          table,
          at.map((column) => whole[row]?.[column] ?? null),
        ),
      bytes: batch.bytes - sizeOfRest(whole, columns.length),
    };
  }
}

/** Bytes of what was read for the places. */
function sizeOfRest(rows: readonly (readonly SourceValue[])[], from: number): number {
  return rows.reduce((sum, row) => row.slice(from).reduce((bytes: number, value) => bytes + sizeOf(value), sum), 0);
}

/** The rows of the database that have these places. */
export async function placesToRowids(rows: Source, table: StoredTable, places: readonly Provenance[]): Promise<readonly Provenance[]> {
  const [key = 'id', byte] = placeColumns(table);
  const place = byte === undefined ? quoteName(key) : `key || coalesce(', byte ' || byte, '')`;
  const wanted = places.flatMap((text) => /^(?:record|user) (.*)$/s.exec(text)?.[1] ?? []);
  const found: Provenance[] = [];
  for (let start = 0; start < wanted.length; start += 500) {
    const list = wanted.slice(start, start + 500).map(quoteText);
    const ids = await rows.query(`SELECT rowid FROM ${quoteName(table.stored)} WHERE ${place} IN (${list.join(', ')})`);
    found.push(...ids.map(([id]) => `rowid ${id}`));
  }
  return found;
}

function placeColumns({ catalog: { name } }: StoredTable): readonly string[] {
  if (name === 'unreadable') return ['key', 'byte', 'reason'];
  return [name === 'users' ? 'name' : 'id'];
}

/** A record that is no row stands in each column. */
function unreadableRow([key, , reason]: readonly SourceValue[], columns: number): readonly SourceValue[] {
  const record = new UnreadableRecord(Buffer.from(String(key)), String(reason));
  return Array.from({ length: columns }, () => record);
}

/** `record 13e764ff-…`, `record 13e7, byte 512`, `user ann`. */
function placeOf({ catalog: { name } }: StoredTable, [key, byte]: readonly SourceValue[]): Provenance {
  if (name === 'users') return `user ${String(key)}`;
  return `record ${String(key)}${byte === undefined || byte === null ? '' : `, byte ${String(byte)}`}`;
}
