import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';
import { openForReading } from '../shared/sqlite/connection.ts';
import type { MeasuredTable } from '../source.ts';
import type { StoredTable } from './graph/stored-table.ts';

/** Bytes of each table, by its name in the graph and by the one in the database. https://sqlite.org/dbstat.html */
export function measureTables(path: string, tables: readonly StoredTable[]): Readonly<Record<string, MeasuredTable>> {
  const connection = openForReading(path);
  try {
    const rows = namingErrors(
      { path },
      () =>
        connection.prepare('SELECT name, max(mx_payload), sum(payload) FROM dbstat GROUP BY name').raw().all() as [
          name: string,
          largest: bigint,
          bytes: bigint,
        ][],
    );
    const byName = new Map(rows.map(([name, largest, bytes]) => [name, { largestRow: Number(largest), bytes: Number(bytes) }]));
    return Object.fromEntries(
      tables.flatMap(({ catalog, stored }) => {
        const measured = byName.get(stored);
        return measured === undefined ? [] : [[catalog.name, measured] as const, [stored, measured] as const];
      }),
    );
  } finally {
    connection.close();
  }
}
