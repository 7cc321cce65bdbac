import { MigrationError } from '../../errors.ts';
import type { Connection } from '../shared/sqlite/connection.ts';

type Value = null | bigint | number | string | Uint8Array;

/** Runs one SELECT of the user. Integers and reals as decimal text, blobs as `\x…`. Throws `source-query-refused`. */
export function runQuery(connection: Connection, sql: string): readonly (readonly (string | null)[])[] {
  try {
    const statement = connection.prepare(sql);
    if (!statement.reader || !statement.readonly)
      throw new MigrationError('source-query-refused', { context: { detail: 'it does not only read' } });
    return (statement.raw().all() as Value[][]).map((row) => row.map(toText));
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError('source-query-refused', {
      context: { detail: error instanceof Error ? error.message : String(error) },
      cause: error,
    });
  }
}

function toText(value: Value): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value);
}
