import { MigrationError } from '../errors.ts';
import type { VectorIndex } from '../model/neighbours.ts';
import type { RowsColumn } from '../model/rows.ts';
import type { TargetSession } from '../target/target.ts';
import { vectorColumnQuery } from './vector-column-query.ts';
import { metricOfOpclass } from './vector-metric.ts';

export interface VectorColumnName {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** A vector column of the target and the table around it. */
export interface VectorColumn extends VectorColumnName {
  readonly type: 'vector' | 'halfvec';
  readonly nullable: boolean;
  /** As declared; 0 when each row may have its own. */
  readonly dimensions: number;
  readonly vectorSchema: string;
  /** e.g. "0.8.0". */
  readonly vectorVersion: string;
  /** What tells rows apart: primary key, else the place in the table (which changes when a row is written). */
  readonly key: readonly KeyPart[];
  readonly payload: readonly RowsColumn[];
  readonly indexes: readonly IndexOnColumn[];
}

export interface KeyPart {
  /** Column name, unquoted. */
  readonly name: string;
  /** Type to read the text of a value with, as SQL. */
  readonly cast: string;
}

export interface IndexOnColumn extends VectorIndex {
  /** Names that EXPLAIN may show: its own, and those of its partitions. */
  readonly scanNames: readonly string[];
  /** Condition of a partial index. */
  readonly where: string | null;
}

/** Throws `no-such-target-table`, `no-such-target-column` or `not-a-vector-column`. */
export async function readVectorColumn(session: TargetSession, name: VectorColumnName): Promise<VectorColumn> {
  const found = (await session.query(vectorColumnQuery, [name.schema, name.table, name.column])).rows[0];
  const table = `${name.schema}.${name.table}`;
  if (found === undefined) throw new MigrationError('no-such-target-table', { context: { table } });
  const columns = JSON.parse(String(found['columns'])) as readonly CatalogColumn[];
  const own = columns.find((column) => column.name === name.column);
  if (own === undefined) throw new MigrationError('no-such-target-column', { context: { table, column: name.column } });
  if (own.vector !== 'vector' && own.vector !== 'halfvec')
    throw new MigrationError('not-a-vector-column', { context: { table, column: name.column, type: own.type } });
  return {
    ...name,
    type: own.vector,
    nullable: own.nullable,
    dimensions: own.dimensions,
    vectorSchema: String(found['vector_schema']),
    vectorVersion: String(found['vector_version']),
    key: keyOf(columns, found['kind'] === 'p'),
    payload: columns.filter((column) => column.vector === null).map(toRowsColumn),
    indexes: (JSON.parse(String(found['indexes'])) as readonly CatalogVectorIndex[]).map(toIndex),
  };
}

interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly cast: string;
  readonly nullable: boolean;
  readonly numeric: boolean;
  readonly vector: 'vector' | 'halfvec' | 'sparsevec' | null;
  readonly dimensions: number;
  readonly key: number | null;
  readonly references: RowsColumn['references'];
}

interface CatalogVectorIndex {
  readonly name: string;
  readonly names: readonly string[];
  readonly method: 'hnsw' | 'ivfflat';
  readonly opclass: string;
  readonly options: readonly string[] | null;
  readonly where: string | null;
  readonly bytes: number;
}

function keyOf(columns: readonly CatalogColumn[], partitioned: boolean): readonly KeyPart[] {
  const key = columns.filter((column) => column.key !== null).sort((a, b) => (a.key ?? 0) - (b.key ?? 0));
  if (key.length > 0) return key.map(({ name, cast }) => ({ name, cast }));
  const place = { name: 'ctid', cast: 'tid' };
  return partitioned ? [{ name: 'tableoid', cast: 'oid' }, place] : [place];
}

function toRowsColumn(column: CatalogColumn): RowsColumn {
  const { name, type, nullable, key, references } = column;
  return { name, type, nullable, key, align: column.numeric ? 'right' : 'left', vector: null, references };
}

/** What pgvector takes where an index was made without the option. */
const defaultOptions = { hnsw: { m: '16', ef_construction: '64' }, ivfflat: { lists: '100' } } as const;

function toIndex(index: CatalogVectorIndex): IndexOnColumn {
  const given: Record<string, string> = {};
  for (const option of index.options ?? []) {
    const equals = option.indexOf('=');
    given[option.slice(0, equals)] = option.slice(equals + 1);
  }
  return {
    name: index.name,
    method: index.method,
    opclass: index.opclass,
    metric: metricOfOpclass(index.opclass),
    options: { ...defaultOptions[index.method], ...given },
    bytes: index.bytes,
    scanNames: index.names,
    where: index.where,
  };
}
