import type { Connection } from '../shared/sqlite/connection.ts';
import { MigrationError } from '../../errors.ts';
import { quoteName } from '../shared/quote-name.ts';

/**
 * Throws what SQLite says, or `filter-refused`, unless the text alone is one condition on the table: SQLite's own parser judges it bare, since
 * "true) OR (true" would pass inside brackets only, and inside brackets, since "true LIMIT 1" may stand behind WHERE and is no condition.
 */
export function checkCondition(connection: Connection, table: string, filter: string): void {
  const head = `SELECT 1 FROM ${quoteName(table)} WHERE`;
  connection.prepare(`${head}\n${filter}\n`);
  const statement = connection.prepare(`${head} (\n${filter}\n)`);
  try {
    statement.bind();
  } catch (error) {
    const detail = 'it holds a parameter, such as ? or :name, which has no value here';
    throw new MigrationError('filter-refused', { context: { detail }, cause: error });
  }
}
