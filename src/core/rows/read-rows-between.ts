import type { Cell } from '../model/rows.ts';
import { MigrationError } from '../errors.ts';
import { qualifiedName, quoteIdentifier, quoteList } from '../sql/quote.ts';
import { readBrowsedTable } from '../target/browsed-table.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target } from '../target/target.ts';
import { cellsSql, readCell } from './cell-sql.ts';
import type { TableAddress } from './read-target-page.ts';

export interface KeyInterval {
  readonly key: string;
  readonly columns: readonly string[];
  /** Texts of keys, neither is part of it; null = open end. */
  readonly after: string | null;
  readonly before: string | null;
  readonly limit: number;
}

const limits = { mostCharacters: 2_000, mostComponents: null };

/** Rows between two keys, in the order of the key. Throws `no-such-target-table`, `no-such-target-column`, or what the server says of a key. */
export function readRowsBetween(target: Target, address: TableAddress, interval: KeyInterval): Promise<readonly (readonly Cell[])[]> {
  return inReadOnly(target, async (session) => {
    const table = await readBrowsedTable(session, address.schema, address.table);
    const columnNamed = (name: string): (typeof table.columns)[number] => {
      const found = table.columns.find((column) => column.name === name);
      if (found === undefined)
        throw new MigrationError('no-such-target-column', { context: { table: `${address.schema}.${address.table}`, column: name } });
      return found;
    };
    const columns = interval.columns.map(columnNamed);
    const key = quoteIdentifier(interval.key);
    const { type } = columnNamed(interval.key);
    const bounds = [`($1::text IS NULL OR ${key} > $1::text::${type})`, `($2::text IS NULL OR ${key} < $2::text::${type})`];
    const sql = `SELECT ${quoteList(interval.columns)} FROM ${qualifiedName(address.schema, address.table)} WHERE ${bounds.join(' AND ')} ORDER BY ${key} LIMIT $3::text::bigint`;
    const { rows } = await session.query(cellsSql(sql, columns, limits), [interval.after, interval.before, String(interval.limit)]);
    return rows.map((row) => columns.map((column, i) => readCell(row[`c${i}`] as string | null, column)));
  });
}
