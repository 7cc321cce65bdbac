import { MigrationError } from '../../errors.ts';
import type { Cursor } from '../../model/row-batch.ts';
import type { Place, PlaceState } from './place.ts';

/** A place behind some rows of a document. */
export interface RowPlace extends Place {
  /** Number of the file, from 0. */
  readonly part: number;
  /** Rows of the document in front of it; Infinity = all. */
  readonly row: number;
}

const letters: Readonly<Record<PlaceState, string>> = { top: 't', 'first-element': 'f', element: 'e', 'behind-element': 'b' };
const states = new Map(Object.entries(letters).map(([state, letter]) => [letter, state as PlaceState]));

/** `file:byte:line:document` and a letter for what is there, then the number of rows that are in front, `*` for all of the document. */
export function writeCursor({ part, at, line, document, state, row }: RowPlace): Cursor {
  return `${part}:${at}:${line}:${document}${letters[state]}${row === Infinity ? '*' : row}`;
}

/** Throws `invalid-cursor`. */
export function readCursor(cursor: Cursor, table?: string): RowPlace {
  const [, part, at, line, document, letter = '', row] = /^(\d+):(\d+):(\d+):(\d+)([tfeb])(\d+|\*)$/.exec(cursor) ?? [];
  const state = states.get(letter);
  if (state === undefined) throw new MigrationError('invalid-cursor', { context: { cursor, ...(table === undefined ? {} : { table }) } });
  return {
    part: Number(part),
    at: Number(at),
    line: Number(line),
    document: Number(document),
    state,
    row: row === '*' ? Infinity : Number(row),
  };
}

export function comparePlaces(a: RowPlace, b: RowPlace): number {
  return a.part - b.part || a.at - b.at || (a.row === b.row ? 0 : a.row - b.row);
}
