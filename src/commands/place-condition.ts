import type { RowsColumn } from '../core/model/rows.ts';
import { quoteIdentifier } from '../core/sql/quote.ts';

/**
 * Condition in the SQL of a SQLite store that finds the row at a place ("rowid 812", "key 'abc', 17"); null when a place is only a position in the
 * table. `columns`: of that table.
 */
export function placeCondition(place: string, columns: readonly RowsColumn[]): string | null {
  const [, rowid] = /^rowid (-?\d+)$/.exec(place) ?? [];
  if (rowid !== undefined) {
    const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
    const name = ['rowid', '_rowid_', 'oid'].find((candidate) => !taken.has(candidate));
    return name === undefined ? null : `${name} = ${rowid}`;
  }
  if (!place.startsWith('key ')) return null;
  const values = literals(place.slice('key '.length));
  const key = columns.filter((column) => column.key !== null).toSorted((a, b) => (a.key ?? 0) - (b.key ?? 0));
  if (values.length !== key.length) return null;
  return key.map(({ name }, at) => `${quoteIdentifier(name)} = ${values[at]}`).join(' AND ');
}

/** The values of a key as SQL: `text x'…'` stands for a text that cannot be written as one, the others are literals already. */
function literals(key: string): readonly string[] {
  const tokens = key.match(/text x'[0-9a-f]*'|x'[0-9a-f]*'|'(?:[^']|'')*'|[^', ]+/g) ?? [];
  return tokens.map((token) =>
    token.startsWith('text ')
      ? `CAST(${token.slice('text '.length)} AS TEXT)`
      : /^-?Infinity$/.test(token)
        ? token.replace('Infinity', '9e999')
        : token,
  );
}
