import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../../shared/throw-if-cancelled.ts';
import { quoteName } from '../../shared/quote-name.ts';
import { openForFilling, type Connection } from '../../shared/sqlite/connection.ts';
import type { FreezeOptions } from '../../source.ts';
import type { Anchor, AnchorReader, BrokenRecord } from '../anchor.ts';
import { AllFacts } from './class-facts.ts';
import { RecordStore } from './record-store.ts';
import { RecordWriter } from './record-writer.ts';
import { shapeTables } from './shape-tables.ts';
import { sortEdges } from './sort-edges.ts';
import type { StoredTable } from './stored-table.ts';

/** Records between two looks at whether somebody cancelled. */
const turn = 256;

/** Who asked for the translation. */
export interface Watch {
  readonly signal: AbortSignal;
  readonly onRecords?: FreezeOptions['onRecords'];
}

/**
 * Reads a store twice and writes it as tables into a new SQLite database at `path`: once to learn which classes and values there are, once to write the rows.
 * Memory does not grow with the number of records. Throws `cancelled` and whatever reading throws.
 */
export async function translateGraph(
  reader: AnchorReader,
  users: Iterable<readonly [name: string, rootId: string]>,
  path: string,
  watch: Watch,
): Promise<readonly StoredTable[]> {
  const connection = openForFilling(path);
  try {
    connection.exec('BEGIN');
    const tables = await fill(connection, reader, users, watch);
    connection.exec('COMMIT');
    return tables;
  } finally {
    connection.close();
  }
}

async function fill(
  connection: Connection,
  reader: AnchorReader,
  users: Iterable<readonly [name: string, rootId: string]>,
  watch: Watch,
): Promise<readonly StoredTable[]> {
  const store = new RecordStore(connection);
  for (const [name, rootId] of users) store.addUser(name, rootId);
  const facts = new AllFacts();
  /** Numbers of records whose id another one before them has. */
  const repeated = new Set<number>();
  let number = 0;
  for await (const record of taking(reader, null, watch)) {
    number++;
    if ('reason' in record) store.addBroken(record);
    else if (store.add(record)) facts.add(record);
    else {
      repeated.add(number);
      store.addBroken({
        key: record.id,
        offset: null,
        reason: `Another record before this ${record.kind} ${record.className} has the same id`,
      });
    }
  }
  const { records, lists } = shapeTables(connection, facts, sortEdges(connection));
  for (const { table } of records) connection.exec(createTable(table));
  const writer = new RecordWriter(connection, records);
  const all = number;
  number = 0;
  for await (const record of taking(reader, all, watch)) {
    number++;
    if (!('reason' in record) && !repeated.has(number)) writer.write(record);
  }
  for (const { table } of records)
    connection.exec(`CREATE UNIQUE INDEX ${quoteName(`own id of ${table.stored}`)} ON ${quoteName(table.stored)} (id)`);
  for (const name of ['own edge_order', 'own reference', 'own edge']) connection.exec(`DROP TABLE ${quoteName(name)}`);
  return [...records.map(({ table }) => table), ...lists];
}

/** The event loop gets its turn, in which a cancellation is heard. `of`: how many there are; null = nobody knows. */
async function* taking(
  reader: AnchorReader,
  of: number | null,
  { signal, onRecords }: Watch,
): AsyncGenerator<Anchor | BrokenRecord, void, undefined> {
  let read = 0;
  for (const record of reader.read(signal)) {
    if (++read % turn === 0) {
      await setImmediate();
      throwIfCancelled(signal);
      onRecords?.({ records: read, of });
    }
    yield record;
  }
  onRecords?.({ records: read, of });
}

/** Without types, so that SQLite converts no value. */
function createTable({ stored, columns }: StoredTable): string {
  return `CREATE TABLE ${quoteName(stored)} (${columns.map(({ name }) => quoteName(name)).join(', ')})`;
}
