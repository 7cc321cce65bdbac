import { StatementType, type DuckDBConnection } from '@duckdb/node-api';
import { MigrationError } from '../../../errors.ts';
import type { SourceValue } from '../../../model/source-value.ts';
import { firstLine } from './duckdb-errors.ts';
import { readAllRows } from './read-chunks.ts';

/** Runs one SELECT of the user. Integers and reals as decimal text, bytes as `\x…`. Throws `source-query-refused`. */
export async function runSelect(connection: DuckDBConnection, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  try {
    await requireSelect(connection, sql);
    return (await readAllRows(connection, sql)).map((row) => row.map(toText));
  } catch (error) {
    throw new MigrationError('source-query-refused', { context: { detail: detailOf(error) }, cause: error });
  }
}

/**
 * Throws `filter-refused` unless the text alone is one condition on `from`: DuckDB's own parser judges it bare, since "true) OR (true" would pass
 * inside brackets only, and inside brackets, since "true LIMIT 1" may stand behind WHERE and is no condition.
 */
export async function checkCondition(connection: DuckDBConnection, from: string, filter: string): Promise<void> {
  const head = `SELECT 1 FROM ${from} WHERE`;
  try {
    await requireSelect(connection, `${head}\n${filter}\n`);
    await requireSelect(connection, `${head} (\n${filter}\n)`);
  } catch (error) {
    throw toFilterError(error);
  }
}

export function toFilterError(error: unknown): MigrationError {
  if (error instanceof MigrationError && error.code !== 'source-query-refused') return error;
  return new MigrationError('filter-refused', { context: { detail: detailOf(error) }, cause: error });
}

/** Only what reads, one statement, without parameters. What DuckDB throws is thrown on. */
async function requireSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  if (sql.includes('\0')) throw refused('it holds a NUL character');
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw refused('it is not one statement');
  const prepared = await statements.prepare(0);
  try {
    if (prepared.statementType !== StatementType.SELECT) throw refused('it does not only read');
    if (prepared.parameterCount > 0) throw refused('it holds a parameter, such as ? or $name, which has no value here');
  } finally {
    prepared.destroySync();
  }
}

function refused(detail: string): MigrationError {
  return new MigrationError('source-query-refused', { context: { detail } });
}

function detailOf(error: unknown): string {
  if (error instanceof MigrationError) return error.context.detail ?? error.message;
  return `DuckDB says: ${firstLine(error instanceof Error ? error.message : String(error))}`;
}

function toText(value: SourceValue): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value);
}
