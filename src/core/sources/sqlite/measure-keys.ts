import type { SourceValue } from '../../model/source-value.ts';
import type { KeyRequest, MeasuredKeys } from '../source.ts';
import { checkCondition } from './check-condition.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import type { TextEncoding } from './invalid-text.ts';
import { keyPartSql, mostLongestKeys } from '../shared/key-part-sql.ts';
import { quoteName } from '../shared/quote-name.ts';
import type { RowOrder } from './row-order.ts';

/** Lets SQLite evaluate the parts of a key and tell how long they are. Throws what SQLite says of a part or a condition that it cannot evaluate. */
export function measureKeys(
  connection: Connection,
  table: string,
  { parts, where, limit }: KeyRequest,
  order: RowOrder,
  encoding: TextEncoding,
): MeasuredKeys {
  if (where !== null) checkCondition(connection, table, where);
  const values = parts.map(keyPartSql);
  const bytes = values.map((value) => bytesOf(value, encoding)).join(' + ');
  const from = `FROM ${quoteName(table)} WHERE ${where === null ? '' : `(${where}\n) AND `}${bytes} > ${limit}`;
  const [rows, most] = connection.prepare(`SELECT count(*), max(${bytes}) ${from}`).raw().get() as [bigint, bigint | null];
  const longest = connection
    .prepare(`SELECT ${[...order.key.map(quoteName), ...values].join(', ')} ${from} ORDER BY ${bytes} DESC LIMIT ${mostLongestKeys}`)
    .raw()
    .all() as SourceValue[][];
  const width = order.key.length;
  return {
    rows: Number(rows),
    bytes: Number(most ?? 0),
    longest: longest.map((row, i) => ({
      // Where only a scan numbers the rows, nobody knows the number of one.
      place: width === 0 ? null : order.provenanceOf(order.cursorAt(row.slice(0, width), i, undefined)),
      values: row.slice(width),
    })),
  };
}

/** Of a text as UTF-8; in a UTF-16 database its characters, which are no more than that. */
function bytesOf(value: string, encoding: TextEncoding): string {
  const stored = `ifnull(octet_length(${value}), 0)`;
  return encoding === 'UTF-8' ? stored : `CASE typeof(${value}) WHEN 'text' THEN length(${value}) ELSE ${stored} END`;
}
