import type { Connection } from '../shared/sqlite/connection.ts';
import { quoteName } from '../shared/quote-name.ts';
import { readTableDdl } from './table-ddl.ts';

/**
 * Rows that break each CHECK of a table, in the order of the text: SQLite keeps them where `ignore_check_constraints` was on, or a CHECK was written into
 * the schema later. null where SQLite cannot say, for want of a function that only the application has.
 */
export function countBrokenChecks(connection: Connection, table: string): readonly (number | null)[] {
  const sql = connection.prepare(`SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?`).pluck().get(table) as
    string | null | undefined;
  return (readTableDdl(sql ?? '')?.checks ?? []).map(({ expression }) => countBroken(connection, table, expression));
}

function countBroken(connection: Connection, table: string, expression: string): number | null {
  try {
    // A line break ends a comment that the expression may close with.
    const query = connection.prepare(`SELECT count(*) FROM main.${quoteName(table)} WHERE NOT (${expression}\n)`).pluck();
    return Number(query.get());
  } catch {
    return null;
  }
}
