import type { CatalogTable } from '../../model/catalog.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import type { FullTextTable } from './full-text-table.ts';
import { countRows } from './introspect-table.ts';

/** A full-text table that keeps its texts, as the table it is for everybody who reads it: its rowid and its texts. */
export function introspectFullText(connection: Connection, found: FullTextTable): CatalogTable {
  const plain = { default: null, generated: null, collation: null };
  const columns = found.columns.map((name) => ({ ...plain, name, declared: '', nullable: true, identity: false }));
  const hidden = found.columns.some((name) => name.toLowerCase() === 'rowid');
  return {
    name: found.name,
    schema: null,
    columns: hidden ? columns : [{ ...plain, name: 'rowid', declared: 'INTEGER', nullable: false, identity: true }, ...columns],
    primaryKey: hidden ? [] : ['rowid'],
    uniques: [],
    checks: [],
    foreignKeys: [],
    indexes: [],
    nextIdentity: null,
    rows: countRows(connection, found.name),
    notes: [`is a full-text table (${found.module})`],
    fullText: { name: found.name, columns: found.searched, tokenizer: found.tokenizer },
  };
}
