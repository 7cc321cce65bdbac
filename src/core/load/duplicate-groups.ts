import type { UniqueRule } from '../model/statement.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { duplicateRowsSql } from '../sql/duplicate-rows.ts';
import type { TargetSession } from '../target/target.ts';
import { TupleReader } from '../tuple/tuple-reader.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';

/** Rows with the same content. */
export interface EqualRows {
  /** Rows of one group have the same key. */
  readonly group: bigint;
  /** Where they are in the target. */
  readonly places: string[];
}

/** All rows of the target that share their key with another one, by the hash of their content. */
export async function readDuplicateGroups(
  session: TargetSession,
  table: CompiledTable,
  rule: UniqueRule,
  summer: TupleSummer,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, EqualRows>> {
  const found = new Map<string, EqualRows>();
  const reader = new TupleReader((buffer, start, end) => {
    const { group, place, tuple } = cutMarks(buffer.subarray(start, end));
    summer.read(tuple, 0, tuple.length);
    const hash = summer.hashText();
    const known = found.get(hash);
    if (known === undefined) found.set(hash, { group, places: [place] });
    else known.places.push(place);
  });
  const columns = table.columns.map(({ to }) => to);
  const sql = `COPY (${duplicateRowsSql(table.to, columns, rule)}) TO STDOUT (FORMAT binary)`;
  for await (const piece of session.copyOut(sql, signal)) reader.push(piece);
  reader.end();
  return found;
}

/** Group and place are the first two fields; the others are a tuple as the loader makes it. */
function cutMarks(marked: Buffer): { readonly group: bigint; readonly place: string; readonly tuple: Buffer } {
  const group = marked.readBigInt64BE(6);
  const placeEnd = 18 + marked.readInt32BE(14);
  const tuple = Buffer.from(marked.subarray(placeEnd - 2));
  tuple.writeInt16BE(marked.readInt16BE(0) - 2, 0);
  return { group, place: marked.toString('latin1', 18, placeEnd), tuple };
}
