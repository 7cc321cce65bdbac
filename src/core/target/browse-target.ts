import type { TargetSchema, TargetTable, TargetTableDetails, TargetTree } from '../model/target-tree.ts';
import { constraintsQuery, indexesQuery, treeQuery, versionsQuery } from './browse-queries.ts';
import { readBrowsedTable, toRowsColumn } from './browsed-table.ts';
import type { TargetSession } from './target.ts';
import { describeIndex, readVectorIndexes } from './vector-indexes.ts';

/** Schemas that the user may use, with their tables and views; `sluice` is there, the system's and partitions are not. */
export async function readTargetTree(session: TargetSession): Promise<TargetTree> {
  const versions = (await session.query(versionsQuery)).rows[0] ?? {};
  const schemas = new Map<string, TargetTable[]>();
  for (const row of (await session.query(treeQuery)).rows) {
    const name = String(row['schema']);
    const tables = schemas.get(name) ?? [];
    schemas.set(name, tables);
    if (row['name'] !== null) tables.push(toTable(row));
  }
  return {
    serverVersion: String(versions['server']).split(' ')[0] ?? '',
    vectorVersion: (versions['installed'] as string | null) ?? null,
    vectorAvailable: (versions['available'] as string | null) ?? null,
    schemas: [...schemas].map(([name, tables]): TargetSchema => ({
      name,
      bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
      tables,
    })),
  };
}

/** Columns, constraints and indexes of one table. Throws `no-such-target-table`. */
export async function readTableDetails(session: TargetSession, schema: string, table: string): Promise<TargetTableDetails> {
  const found = await readBrowsedTable(session, schema, table);
  const constraints = (await session.query(constraintsQuery, [found.oid])).rows;
  const indexes = (await session.query(indexesQuery, [found.oid])).rows;
  const vectorIndexes = await readVectorIndexes(session, found.oid);
  return {
    columns: found.columns.map((column) => ({
      ...toRowsColumn(column),
      default: column.default,
      vectorIndexes: vectorIndexes.filter((index) => index.column === column.name).map(describeIndex),
    })),
    constraints: constraints.map((row) => ({
      name: String(row['name']),
      kind: constraintKinds[String(row['kind'])] ?? 'check',
      definition: String(row['definition']),
      valid: row['valid'] === true,
    })),
    indexes: indexes.map((row) => ({
      name: String(row['name']),
      method: String(row['method']),
      definition: String(row['definition']),
      bytes: Number(row['bytes']),
      valid: row['valid'] === true,
    })),
  };
}

const tableKinds: Readonly<Record<string, TargetTable['kind']>> = {
  r: 'table',
  p: 'partitioned',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign',
};

const constraintKinds: Readonly<Record<string, TargetTableDetails['constraints'][number]['kind']>> = {
  p: 'primary-key',
  u: 'unique',
  c: 'check',
  f: 'foreign-key',
};

function toTable(row: Record<string, unknown>): TargetTable {
  const estimate = Number(row['estimate']);
  return {
    name: String(row['name']),
    kind: tableKinds[String(row['kind'])] ?? 'table',
    estimatedRows: estimate < 0 ? null : estimate,
    bytes: Number(row['bytes'] ?? 0),
  };
}
