import { MigrationError } from '../../errors.ts';
import type { Cursor } from '../../model/row-batch.ts';
import type { Place } from './record-reader.ts';

/** A place between two records of a table. */
export interface TablePlace extends Place {
  /** Number of the file, from 0. */
  readonly part: number;
}

/** The place behind a row: `byte:line`, in front of it the number of the file unless it is the first. */
export function writeCursor({ part, at, line }: TablePlace): Cursor {
  return part === 0 ? `${at}:${line}` : `${part}:${at}:${line}`;
}

/** Throws `invalid-cursor`. */
export function readCursor(cursor: Cursor, table?: string): TablePlace {
  const [, part, at, line] = /^(?:(\d+):)?(\d+):(\d+)$/.exec(cursor) ?? [];
  if (at === undefined || line === undefined)
    throw new MigrationError('invalid-cursor', { context: { cursor, ...(table === undefined ? {} : { table }) } });
  return { part: Number(part ?? 0), at: Number(at), line: Number(line) };
}

export function comparePlaces(a: TablePlace, b: TablePlace): number {
  return a.part - b.part || a.at - b.at;
}
