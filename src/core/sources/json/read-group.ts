import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { Turns } from '../shared/turns.ts';
import type { GroupBatch } from '../source.ts';
import { writeCursor } from './document-cursor.ts';
import { DocumentRows, rowsOf, type TableToRead } from './document-rows.ts';
import { DocumentStream } from './document-stream.ts';
import type { OpenTable } from './document-table.ts';
import type { DocumentFiles } from './document-files.ts';
import { FileNumbers } from './file-numbers.ts';
import { mostRows, type BatchOptions } from './read-batches.ts';

/** Tables that have a file in common, also by way of others, in the order given. `count`: files of the store. */
export function groupByFiles(tables: readonly OpenTable[], count: number): readonly (readonly OpenTable[])[] {
  const groups: { files: FileNumbers; tables: OpenTable[] }[] = [];
  for (const table of tables) {
    const joined = groups.filter(({ files }) => meet(files, table.files));
    const [first] = joined;
    if (first === undefined) {
      groups.push({ files: new FileNumbers(count).addAll(table.files), tables: [table] });
      continue;
    }
    first.files.addAll(table.files);
    first.tables.push(table);
    for (const other of joined.slice(1)) {
      first.files.addAll(other.files);
      first.tables.push(...other.tables);
      groups.splice(groups.indexOf(other), 1);
    }
  }
  const order = new Map(tables.map((table, i) => [table, i]));
  return groups.map((group) => group.tables.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}

/** Whole documents with the rows of each for every table; each document is read and parsed once. A broken one is a row of the first table. */
export async function* readGroup(
  files: DocumentFiles,
  tables: readonly TableToRead[],
  options: BatchOptions,
): AsyncGenerator<GroupBatch, void, undefined> {
  const wanted = new FileNumbers(files.length);
  for (const { table } of tables) wanted.addAll(table.files);
  const stream = new DocumentStream(files, wanted, options, tables[0]?.table.name);
  const all = tables.map((table) => new DocumentRows(table));
  const turns = new Turns(options.signal);
  throwIfCancelled(options.signal);
  try {
    let cursor: string | null = null;
    while (stream.next()) {
      addDocument(stream, tables, all);
      cursor = writeCursor({ ...stream.place, part: stream.number, row: Infinity });
      const isTime = turns.spend(stream.cost);
      const rows = all.reduce((sum, { size }) => sum + size, 0);
      const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
      if (rows < mostRows && bytes < options.batchBytes && !isTime) continue;
      if (rows > 0) yield { batches: all.map((one) => one.take()), cursor };
      await turns.take();
    }
    // Also behind documents without a row: they have been read.
    if (cursor !== null) yield { batches: all.map((one) => one.take()), cursor };
  } finally {
    stream.close();
  }
}

function meet(a: FileNumbers, b: FileNumbers): boolean {
  for (const number of a) if (b.has(number)) return true;
  return false;
}

function addDocument(stream: DocumentStream, tables: readonly TableToRead[], all: readonly DocumentRows[]): void {
  for (const [i, table] of tables.entries()) {
    if (stream.fault === null ? !table.table.files.has(stream.number) : i > 0) continue;
    for (const row of rowsOf(stream, table)) all[i]!.add(stream, row);
  }
}
