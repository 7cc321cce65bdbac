import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import { quoteSystemColumn, textArray } from './key-sql.ts';
import type { VectorColumn } from './vector-column.ts';

/** Rows in an order that looks random and depends on their keys and the seed alone: columns `k` (as in a search) and `vector` (text). */
export function sampleQuery(column: VectorColumn, filter: string | null, rows: number, seed: number): string {
  const keys = column.key.map(({ name }) => quoteSystemColumn(name));
  const texts = keys.map((key) => `${key}::text`);
  return `SELECT ${textArray(keys)} AS k, ${quoteIdentifier(column.column)}::text AS vector
FROM ${quoteTable(column)}
WHERE ${quoteIdentifier(column.column)} IS NOT NULL${filter === null ? '' : `\nAND (\n${filter}\n)`}
ORDER BY md5(concat_ws(',', ${[quoteLiteral(String(seed)), ...texts].join(', ')})), ${keys.join(', ')}
LIMIT ${rows}`;
}
