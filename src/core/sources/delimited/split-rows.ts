import type { KeyRange } from '../../model/row-batch.ts';
import { writeCursor, type TablePlace } from './delimited-cursor.ts';
import type { DelimitedPart, DelimitedTable } from './delimited-snapshot.ts';

type Parts = { readonly parts: readonly Pick<DelimitedPart, 'marks' | 'size'>[] };

/** At most `parts` ranges of about the same number of bytes; each begins where a record begins, never inside quotes. */
export function splitRows(table: Parts, parts: number): readonly KeyRange[] {
  const total = table.parts.reduce((sum, part) => sum + bytesOf(part), 0);
  const share = total / Math.max(1, parts);
  const bounds: TablePlace[] = [];
  let before = 0;
  for (const [number, part] of table.parts.entries()) {
    const first = part.marks[0]?.at ?? 0;
    for (const mark of number === 0 ? part.marks.slice(1) : part.marks) {
      if (bounds.length + 1 < parts && before + mark.at - first >= share * (bounds.length + 1)) bounds.push({ part: number, ...mark });
    }
    before += bytesOf(part);
  }
  const cursors = bounds.map(writeCursor);
  return [...cursors, undefined].map((upTo, i) => ({ ...(i > 0 && { after: cursors[i - 1]! }), ...(upTo !== undefined && { upTo }) }));
}

/** Of its rows. */
function bytesOf({ marks, size }: Pick<DelimitedPart, 'marks' | 'size'>): number {
  return size - (marks[0]?.at ?? 0);
}

/** Ranges around marks that hold all of these places, in order and without overlap. */
export function rangesAround(
  table: Pick<DelimitedTable, 'parts'>,
  places: readonly Pick<TablePlace, 'part' | 'at'>[],
): readonly KeyRange[] {
  const byPart = Map.groupBy(places, ({ part }) => part);
  return [...byPart.keys()]
    .toSorted((a, b) => a - b)
    .flatMap((part) =>
      rangesIn(
        table,
        part,
        byPart.get(part)!.map(({ at }) => at),
      ),
    );
}

function rangesIn(table: Pick<DelimitedTable, 'parts'>, part: number, bytes: readonly number[]): readonly KeyRange[] {
  const { marks, size } = table.parts[part]!;
  const wanted = new Set<number>();
  let interval = 0;
  for (const at of bytes.toSorted((a, b) => a - b)) {
    while (interval + 1 < marks.length && marks[interval + 1]!.at <= at) interval++;
    wanted.add(interval);
  }
  const ranges: KeyRange[] = [];
  let previous = -2;
  for (const number of wanted) {
    const end = marks[number + 1] ?? { at: size, line: 0 };
    const joined = number === previous + 1 ? ranges.pop() : undefined;
    ranges.push({ after: joined?.after ?? writeCursor({ part, ...marks[number]! }), upTo: writeCursor({ part, ...end }) });
    previous = number;
  }
  return ranges;
}
