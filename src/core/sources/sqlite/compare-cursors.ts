import { MigrationError } from '../../errors.ts';
import type { Cursor } from '../../model/row-batch.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { bindable, placeholder } from './key-binding.ts';
import { quoteName } from '../shared/quote-name.ts';
import { readKey, type KeyValue } from './sqlite-cursor.ts';

/** Negative when `a` comes first. Keys are compared by SQLite itself, so that storage classes, collations and encodings are its own. */
export function compareCursors(connection: Connection, a: Cursor, b: Cursor): number {
  if (!a.startsWith('[') && !b.startsWith('[')) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
  const [left, right] = [keyOf(a), keyOf(b)];
  const terms = left.map((part) => `${placeholder(part)} COLLATE ${quoteName(part.collation)}`);
  const compared = (operator: string): string => `(${terms.join(', ')}) ${operator} (${right.map(placeholder).join(', ')})`;
  const parameters = [...left, ...right].map(bindable);
  return Number(
    connection
      .prepare(`SELECT (${compared('>')}) - (${compared('<')})`)
      .pluck()
      .get(...parameters, ...parameters),
  );
}

function keyOf(cursor: Cursor): readonly KeyValue[] {
  const key = readKey(cursor);
  if (key === null) throw new MigrationError('invalid-cursor', { context: { cursor } });
  return key;
}
