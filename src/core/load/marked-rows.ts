import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { TargetSession } from '../target/target.ts';
import { TupleReader } from '../tuple/tuple-reader.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';

/** Rows with the same content. */
export interface EqualRows {
  /** What the query says of them: the same for rows of the same content. */
  readonly mark: bigint;
  /** Where they are in the target. */
  readonly places: string[];
}

/** Rows of the target by the hash of their content. `sql`: SELECT of a mark (bigint), a place (text), and the table's columns in its order. */
export async function readMarkedRows(
  session: TargetSession,
  table: CompiledTable,
  sql: (columns: readonly string[]) => string,
  summer: TupleSummer,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, EqualRows>> {
  const found = new Map<string, EqualRows>();
  const reader = new TupleReader((buffer, start, end) => {
    const { mark, place, tuple } = cutMarks(buffer.subarray(start, end));
    summer.read(tuple, 0, tuple.length);
    const hash = summer.hashText();
    const known = found.get(hash);
    if (known === undefined) found.set(hash, { mark, places: [place] });
    else known.places.push(place);
  });
  const query = sql(table.columns.map(({ to }) => to));
  for await (const piece of session.copyOut(`COPY (${query}) TO STDOUT (FORMAT binary)`, signal)) reader.push(piece);
  reader.end();
  return found;
}

/** Mark and place are the first two fields; the others are a tuple as the loader makes it. */
function cutMarks(marked: Buffer): { readonly mark: bigint; readonly place: string; readonly tuple: Buffer } {
  const mark = marked.readBigInt64BE(6);
  const placeEnd = 18 + marked.readInt32BE(14);
  const tuple = Buffer.from(marked.subarray(placeEnd - 2));
  tuple.writeInt16BE(marked.readInt16BE(0) - 2, 0);
  return { mark, place: marked.toString('latin1', 18, placeEnd), tuple };
}
