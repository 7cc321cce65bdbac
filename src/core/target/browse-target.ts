import type { VectorIndex, VectorMetric } from '../model/neighbours.ts';
import type { TargetSchema, TargetTable, TargetTableDetails, TargetTree } from '../model/target-tree.ts';
import { constraintsQuery, indexesQuery, treeQuery, versionsQuery } from './browse-queries.ts';
import { readBrowsedTable } from './browsed-table.ts';
import type { TargetSession } from './target.ts';

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
  return {
    columns: found.columns.map(({ name, type, nullable, key, align, vector, references, default: preset }) => ({
      name,
      type,
      nullable,
      key,
      align,
      vector,
      references,
      default: preset,
      vectorIndexes:
        vector === null ? [] : indexes.filter((row) => row['column'] === name && isVectorMethod(row['method'])).map(toVectorIndex),
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

const metrics: Readonly<Record<string, VectorMetric>> = { cosine: 'cosine', l2: 'l2', ip: 'ip', l1: 'l1' };

function toTable(row: Record<string, unknown>): TargetTable {
  const estimate = Number(row['estimate']);
  return {
    name: String(row['name']),
    kind: tableKinds[String(row['kind'])] ?? 'table',
    estimatedRows: estimate < 0 ? null : estimate,
    bytes: Number(row['bytes'] ?? 0),
  };
}

function isVectorMethod(method: unknown): method is VectorIndex['method'] {
  return method === 'hnsw' || method === 'ivfflat';
}

/** Operator classes are named vector_cosine_ops, halfvec_l2_ops and so on. */
function toVectorIndex(row: Record<string, unknown>): VectorIndex {
  const opclass = String(row['opclass']);
  const options = (JSON.parse(String(row['options'])) as string[]).map((option) => option.split('=', 2));
  return {
    name: String(row['name']),
    method: row['method'] as VectorIndex['method'],
    opclass,
    metric: metrics[/_(\w+)_ops$/.exec(opclass)?.[1] ?? ''] ?? null,
    options: Object.fromEntries(options.map(([name = '', value = '']) => [name, value])),
    bytes: Number(row['bytes']),
  };
}
