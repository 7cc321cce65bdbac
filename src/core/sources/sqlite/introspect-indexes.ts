import type { CatalogIndex, CatalogUnique } from '../../model/catalog.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { readIndexDdl } from './index-ddl.ts';
import type { SchemaRow } from './schema-row.ts';

interface IndexRow {
  readonly name: string;
  readonly unique: bigint;
  readonly origin: 'c' | 'u' | 'pk';
  readonly partial: bigint;
}

interface PartRow {
  readonly name: string | null;
  readonly desc: bigint;
  readonly coll: string | null;
}

/** UNIQUE constraints and the indexes made by CREATE INDEX, each in the order of creation; the primary key's own index is neither. */
export function introspectIndexes(
  connection: Connection,
  table: string,
  schema: readonly SchemaRow[],
): { readonly uniques: readonly CatalogUnique[]; readonly indexes: readonly CatalogIndex[] } {
  const rows = connection
    .prepare(`SELECT name, "unique", origin, partial FROM pragma_index_list(?, 'main') ORDER BY seq DESC`)
    .all(table) as IndexRow[];
  const partsOf = connection.prepare(`SELECT name, desc, coll FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno`);
  const uniques: CatalogUnique[] = [];
  const indexes: CatalogIndex[] = [];
  for (const row of rows) {
    const parts = partsOf.all(row.name) as PartRow[];
    if (row.origin === 'u') uniques.push({ name: null, columns: parts.map(({ name }) => name!), collations: parts.map(collationOf) });
    if (row.origin === 'c')
      indexes.push(toIndex(row, parts, schema.find(({ type, name }) => type === 'index' && name === row.name)?.sql ?? ''));
  }
  return { uniques, indexes };
}

function toIndex(row: IndexRow, parts: readonly PartRow[], sql: string): CatalogIndex {
  const ddl = readIndexDdl(sql);
  return {
    name: row.name,
    unique: row.unique === 1n,
    method: null,
    parts: parts.map((part, i) => ({
      column: part.name,
      expression: part.name === null ? (ddl?.expressions[i] ?? '') : null,
      descending: part.desc === 1n,
      collation: collationOf(part),
    })),
    // A text that cannot be read leaves an expression or condition that says nothing: the planner tells why it cannot carry the index.
    where: row.partial === 1n ? (ddl?.where ?? '') : null,
    definition: sql,
  };
}

function collationOf({ coll }: PartRow): string | null {
  return coll === null || coll.toUpperCase() === 'BINARY' ? null : coll;
}
