import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { Dialect } from './dialect.ts';
import type { Mark } from './delimited-snapshot.ts';
import { RecordReader, type OpenFile, type Place } from './record-reader.ts';

/** What reading all records under a dialect tells. */
export interface Survey {
  readonly rows: number;
  /** Records that are no rows: another number of fields, or text behind a quote. */
  readonly unreadable: number;
  /** Where the first few of them are, in words. */
  readonly examples: readonly string[];
  /** Empty lines and comments behind the header. */
  readonly skipped: number;
  readonly marks: readonly Mark[];
  readonly largestRow: number;
  /** Records with bytes that are not ASCII, by whether they are valid UTF-8. */
  readonly utf8: number;
  readonly notUtf8: number;
}

/** Marks are at least so many bytes apart, and there are at most so many. */
const nearestMarks = 4_096;
const mostMarks = 4_096;
const bytesAtOnce = 2 ** 22;

/** Reads all records from `start` on. Throws `unreadable-records` or `cancelled`. */
export async function surveyRecords(file: OpenFile, dialect: Dialect, width: number, start: Place, signal: AbortSignal): Promise<Survey> {
  const reader = new RecordReader(file, dialect, start, width === 1);
  const { scanner } = reader;
  const step = Math.max(nearestMarks, Math.ceil(file.size / mostMarks));
  const marks: Mark[] = [{ ...start, row: 0 }];
  const found = { rows: 0, unreadable: 0, largestRow: 0, utf8: 0, notUtf8: 0 };
  const examples: string[] = [];
  let nextMark = start.at + step;
  let nextTurn = start.at + bytesAtOnce;
  throwIfCancelled(signal);
  while (reader.read()) {
    if (reader.start >= nextMark) {
      marks.push({ at: reader.start, line: reader.line, row: found.rows });
      nextMark = reader.start + step;
    }
    found.rows++;
    const fault = recordFault(reader, width);
    if (fault !== null) {
      found.unreadable++;
      if (examples.length < 3) examples.push(`line ${reader.line} ${fault}`);
    }
    const bytes = reader.next.at - reader.start;
    if (bytes > found.largestRow) found.largestRow = bytes;
    if (scanner.high) found[isUtf8(reader.record()) ? 'utf8' : 'notUtf8']++;
    if (reader.start < nextTurn) continue;
    nextTurn = reader.start + bytesAtOnce;
    await setImmediate();
    throwIfCancelled(signal);
  }
  return { ...found, examples, skipped: reader.skipped, marks };
}

/** Why the record just read is no row of a table with `width` columns; null when it is one. */
export function recordFault({ scanner }: RecordReader, width: number): string | null {
  if (scanner.fault === 'text-behind-quote') return 'has text between a closing quote and the next delimiter';
  if (scanner.fields === width) return null;
  return `has ${scanner.fields} ${scanner.fields === 1 ? 'field' : 'fields'} instead of ${width}`;
}
