import { MigrationError } from '../../errors.ts';
import type { CatalogColumn, CatalogTable } from '../../model/catalog.ts';
import type { RowsColumn, RowsTable } from '../../model/rows.ts';
import { readBrowsedTable, toRowsColumn } from '../../target/browsed-table.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { RowsSubject } from '../browse-requests.ts';
import type { FrozenSource } from '../frozen-sources.ts';
import type { BrowseSession } from './browse-session.ts';

/** What a table on either side looks like. Throws `no-such-target-table` or `no-such-source-table`. */
export function rowsTable(
  request: { readonly subject: RowsSubject; readonly signal: AbortSignal },
  session: BrowseSession,
): Promise<RowsTable> {
  const { subject, signal } = request;
  if (subject.side === 'source')
    return session.withStore(subject.location, signal, async (store) => sourceTable(tableOf(store, subject.table), store.snapshot));
  return session.withTarget(subject.target, signal, (target) =>
    inReadOnly(target, async (reading) => {
      const table = await readBrowsedTable(reading, subject.schema, subject.table);
      return {
        label: `${table.schema}.${table.table}`,
        columns: table.columns.map(toRowsColumn),
        estimatedRows: table.estimatedRows,
        dialect: 'postgresql',
      };
    }),
  );
}

function tableOf({ snapshot, catalog }: FrozenSource, name: string): CatalogTable {
  const table = catalog.tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new MigrationError('no-such-source-table', { context: { path: snapshot.location, table: name } });
  return table;
}

function sourceTable(table: CatalogTable, { kind }: FrozenSource['snapshot']): RowsTable {
  return {
    label: table.name,
    columns: table.columns.map((column) => sourceColumn(column, table)),
    estimatedRows: table.rows,
    dialect: kind,
  };
}

function sourceColumn({ name, declared, nullable }: CatalogColumn, table: CatalogTable): RowsColumn {
  const place = table.primaryKey.indexOf(name);
  const foreign = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === name);
  return {
    name,
    type: declared,
    nullable,
    key: place < 0 ? null : place,
    align: /INT|REAL|FLOA|DOUB|NUM|DEC/i.test(declared) ? 'right' : 'left',
    vector: null,
    references: foreign === undefined ? null : { schema: null, table: foreign.references, column: foreign.referencesColumns[0] ?? '' },
  };
}
