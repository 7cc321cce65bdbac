import type { CatalogTable } from '../../model/catalog.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { countRows } from './introspect-table.ts';
import type { Vec0Table } from './vec0-table.ts';

/** A table of sqlite-vec as the table that it is for its application. */
export function introspectVec0(connection: Connection, { name, columns, key }: Vec0Table): CatalogTable {
  const keyName = key?.name ?? 'rowid';
  const isRowid = key?.isRowid ?? true;
  return {
    name,
    schema: null,
    columns: columns.map(({ name: column, declared, metric }) => ({
      name: column,
      declared,
      nullable: column !== keyName,
      default: null,
      generated: null,
      collation: null,
      identity: column === keyName && isRowid,
      ...(metric === null ? {} : { metric }),
    })),
    primaryKey: [keyName],
    uniques: [],
    checks: [],
    foreignKeys: [],
    indexes: [],
    nextIdentity: null,
    rows: countRows(connection, name),
    notes: ['is a table of sqlite-vec (vec0), read from its shadow tables without the extension'],
  };
}
