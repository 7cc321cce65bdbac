import type { KeyRange } from '../../model/row-batch.ts';
import { writeCursor } from './delimited-cursor.ts';
import type { DelimitedSnapshot, Mark } from './delimited-snapshot.ts';

/** At most `parts` ranges of about the same number of bytes; each begins where a record begins, never inside quotes. */
export function splitRows({ marks, size }: Pick<DelimitedSnapshot, 'marks' | 'size'>, parts: number): readonly KeyRange[] {
  const first = marks[0]?.at ?? 0;
  const share = (size - first) / Math.max(1, parts);
  const bounds: Mark[] = [];
  for (const mark of marks.slice(1)) {
    if (bounds.length + 1 >= parts) break;
    if (mark.at >= first + share * (bounds.length + 1)) bounds.push(mark);
  }
  const cursors = bounds.map(writeCursor);
  return [...cursors, undefined].map((upTo, i) => ({ ...(i > 0 && { after: cursors[i - 1]! }), ...(upTo !== undefined && { upTo }) }));
}

/** Ranges around marks that hold all of these places, given as bytes, in order and without overlap. */
export function rangesAround({ marks }: Pick<DelimitedSnapshot, 'marks'>, bytes: readonly number[]): readonly KeyRange[] {
  const wanted = new Set<number>();
  const sorted = bytes.toSorted((a, b) => a - b);
  let interval = 0;
  for (const at of sorted) {
    while (interval + 1 < marks.length && marks[interval + 1]!.at <= at) interval++;
    wanted.add(interval);
  }
  const ranges: KeyRange[] = [];
  let previous = -2;
  for (const number of wanted) {
    const end = marks[number + 1];
    const upTo = end === undefined ? {} : { upTo: writeCursor(end) };
    const joined = number === previous + 1 ? ranges.pop() : undefined;
    ranges.push({ after: joined?.after ?? writeCursor(marks[number]!), ...upTo });
    previous = number;
  }
  return ranges;
}
