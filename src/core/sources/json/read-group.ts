import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { GroupBatch } from '../source.ts';
import { writeCursor } from './document-cursor.ts';
import { DocumentRows, rowsOf, type TableToRead } from './document-rows.ts';
import { DocumentStream } from './document-stream.ts';
import type { OpenTable } from './document-table.ts';
import type { JsonPart } from './json-snapshot.ts';
import { bytesAtOnce, mostRows, type BatchOptions } from './read-batches.ts';

/** Tables that have a file in common, also by way of others, in the order given. */
export function groupByFiles(tables: readonly OpenTable[]): readonly (readonly OpenTable[])[] {
  const groups: { files: Set<number>; tables: OpenTable[] }[] = [];
  for (const table of tables) {
    const joined = groups.filter(({ files }) => [...table.files].some((file) => files.has(file)));
    const [first] = joined;
    if (first === undefined) {
      groups.push({ files: new Set(table.files), tables: [table] });
      continue;
    }
    for (const file of table.files) first.files.add(file);
    first.tables.push(table);
    for (const other of joined.slice(1)) {
      for (const file of other.files) first.files.add(file);
      first.tables.push(...other.tables);
      groups.splice(groups.indexOf(other), 1);
    }
  }
  const order = new Map(tables.map((table, i) => [table, i]));
  return groups.map((group) => group.tables.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}

/** Whole documents with the rows of each for every table; each document is read and parsed once. A broken one is a row of the first table. */
export async function* readGroup(
  parts: readonly JsonPart[],
  tables: readonly TableToRead[],
  options: BatchOptions,
): AsyncGenerator<GroupBatch, void, undefined> {
  const files = new Set(tables.flatMap(({ table }) => [...table.files]));
  const stream = new DocumentStream(parts, files, options, tables[0]?.table.name);
  const all = tables.map((table) => new DocumentRows(table));
  let passed = 0;
  throwIfCancelled(options.signal);
  try {
    let cursor: string | null = null;
    while (stream.next()) {
      addDocument(stream, tables, all);
      cursor = writeCursor({ ...stream.place, part: stream.number, row: Infinity });
      passed += stream.bytes;
      const rows = all.reduce((sum, { size }) => sum + size, 0);
      const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
      if (rows < mostRows && bytes < options.batchBytes && passed < bytesAtOnce) continue;
      passed = 0;
      if (rows > 0) yield { batches: all.map((one) => one.take()), cursor };
      await setImmediate();
      throwIfCancelled(options.signal);
    }
    // Also behind documents without a row: they have been read.
    if (cursor !== null) yield { batches: all.map((one) => one.take()), cursor };
  } finally {
    stream.close();
  }
}

function addDocument(stream: DocumentStream, tables: readonly TableToRead[], all: readonly DocumentRows[]): void {
  for (const [i, table] of tables.entries()) {
    if (stream.fault === null ? !table.table.files.has(stream.number) : i > 0) continue;
    for (const row of rowsOf(stream, table)) all[i]!.add(stream, row);
  }
}
