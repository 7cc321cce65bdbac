import { MigrationError } from '../../errors.ts';
import type { Cursor } from '../../model/row-batch.ts';
import type { Place } from './record-reader.ts';

/** The place behind a row. */
export function writeCursor({ at, line }: Place): Cursor {
  return `${at}:${line}`;
}

/** Throws `invalid-cursor`. */
export function readCursor(cursor: Cursor, table?: string): Place {
  const [, at, line] = /^(\d+):(\d+)$/.exec(cursor) ?? [];
  if (at === undefined || line === undefined)
    throw new MigrationError('invalid-cursor', { context: { cursor, ...(table === undefined ? {} : { table }) } });
  return { at: Number(at), line: Number(line) };
}
