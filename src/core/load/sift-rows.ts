import type { MigrationError } from '../errors.ts';
import type { TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';
import { isolateBadRows, probe, type Isolation } from './isolate-bad-rows.ts';
import type { RowWriter } from './row-writer.ts';

/** What became of the rows of a chunk that was refused as a whole. */
export interface SiftedRows {
  /** Those that are written, as the ranges of a chunk that they were put together in. */
  readonly good: Chunk;
  readonly accepted: Isolation['accepted'];
  /** Rejects, in order. */
  readonly refused: Isolation['refused'];
  /** Rows whose parents may still come, in order, put together in a chunk; `rows[i]` is the row of the i-th. */
  readonly held: { readonly chunk: Chunk; readonly rows: Isolation['refused'] };
}

/** Writes the good rows of a refused chunk inside the caller's transaction, and tells the others apart. What is known of many rows at once is asked at once. */
export async function siftRows(session: TargetSession, writer: RowWriter, chunk: Chunk): Promise<SiftedRows> {
  const taken = await writer.findTaken(session, chunk);
  const lacking = without(await writer.findWaiting(session, chunk), taken);
  const known = new Set([...taken, ...lacking].map(({ row }) => row));
  const rows = Array.from({ length: chunk.rows }, (_, row) => row).filter((row) => !known.has(row));
  const good = known.size === 0 ? chunk : chunk.pick(rows);
  const isolated = await isolateBadRows(session, good.rows, (from, to) => writer.write(session, good, from, to));
  const refused = isolated.refused.map(({ row, error }) => ({ row: rows[row] ?? row, error }));
  const waiting = inOrder([...lacking, ...refused.filter(({ error }) => writer.isWaiting(error))]);
  const held = chunk.pick(waiting.map(({ row }) => row));
  const unfit = (await findUnfit(session, writer, held)).map(({ row, error }) => ({ row: waiting[row]?.row ?? row, error }));
  const left = without(waiting, unfit);
  return {
    good,
    accepted: isolated.accepted,
    refused: inOrder([...taken, ...refused.filter(({ error }) => !writer.isWaiting(error)), ...unfit]),
    held: { chunk: unfit.length === 0 ? held : chunk.pick(left.map(({ row }) => row)), rows: left },
  };
}

/** Rows that the server refuses for another reason than a parent that may still come; nothing is written. O(k log n) attempts. */
async function findUnfit(session: TargetSession, writer: RowWriter, chunk: Chunk): Promise<Isolation['refused']> {
  const unfit: { row: number; error: MigrationError }[] = [];
  const pending: (readonly [number, number])[] = [[0, chunk.rows]];
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    const [from, to] = range;
    if (from >= to) continue;
    const error = await probe(session, () => writer.write(session, chunk, from, to));
    if (error === null || writer.isWaiting(error)) continue;
    const middle = from + ((to - from) >> 1);
    if (to - from === 1) unfit.push({ row: from, error });
    else pending.push([middle, to], [from, middle]);
  }
  return unfit;
}

function without(rows: Isolation['refused'], others: Isolation['refused']): Isolation['refused'] {
  const left = new Set(others.map(({ row }) => row));
  return rows.filter(({ row }) => !left.has(row));
}

function inOrder(rows: Isolation['refused']): Isolation['refused'] {
  return rows.toSorted((a, b) => a.row - b.row);
}
