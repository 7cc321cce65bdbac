import type { KeyRange } from '../../model/row-batch.ts';
import { writeCursor } from './document-cursor.ts';
import type { NamedPlace } from './document-place.ts';
import type { DocumentFiles, JsonPart } from './document-files.ts';
import type { FileNumbers } from './file-numbers.ts';
import type { Place } from './place.ts';

/** At most `parts` ranges of about the same number of bytes, cut between documents: between files, and between elements of a large array. */
export function splitDocuments(files: DocumentFiles, wanted: FileNumbers, parts: number): readonly KeyRange[] {
  let total = 0;
  for (const number of wanted) total += files.sizeAt(number);
  const share = total / Math.max(1, parts);
  const cursors: string[] = [];
  let before = 0;
  let first = true;
  for (const number of wanted) {
    const marks = files.marksAt(number);
    for (const mark of first ? marks.slice(1) : marks)
      if (cursors.length + 1 < parts && before + mark.at >= share * (cursors.length + 1)) cursors.push(cursorAt(number, mark));
    first = false;
    before += files.sizeAt(number);
  }
  return [...cursors, undefined].map((upTo, i) => ({ ...(i > 0 && { after: cursors[i - 1]! }), ...(upTo !== undefined && { upTo }) }));
}

/** Ranges around marks that hold all of these places, in order and without overlap. */
export function rangesAround(files: DocumentFiles, places: readonly NamedPlace[]): readonly KeyRange[] {
  const byPart = Map.groupBy(places, ({ part }) => part);
  return [...byPart]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([part, named]) =>
      rangesIn(
        part,
        files.at(part),
        named.map(({ number }) => number),
      ),
    );
}

function rangesIn(part: number, { marks, form, size }: JsonPart, numbers: readonly number[]): readonly KeyRange[] {
  const numberOf = (mark: Place): number => (form === 'lines' ? mark.line : mark.document);
  const wanted = new Set<number>();
  let interval = 0;
  for (const number of numbers.toSorted((a, b) => a - b)) {
    while (interval + 1 < marks.length && numberOf(marks[interval + 1]!) <= number) interval++;
    wanted.add(interval);
  }
  const ranges: KeyRange[] = [];
  let previous = -2;
  for (const number of wanted) {
    const end = marks[number + 1];
    const joined = number === previous + 1 ? ranges.pop() : undefined;
    const upTo = end === undefined ? writeCursor({ ...marks[number]!, part, at: size, row: Infinity }) : cursorAt(part, end);
    ranges.push({ after: joined?.after ?? cursorAt(part, marks[number]!), upTo });
    previous = number;
  }
  return ranges;
}

function cursorAt(part: number, mark: Place): string {
  return writeCursor({ part, ...mark, row: 0 });
}
