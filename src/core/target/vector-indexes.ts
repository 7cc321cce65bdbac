import type { VectorIndex, VectorMetric } from '../model/neighbours.ts';
import { vectorIndexesQuery } from './browse-queries.ts';
import type { TargetSession } from './target.ts';

export interface IndexOnColumn extends VectorIndex {
  readonly column: string;
  /** Names that EXPLAIN may show: its own, and those of its partitions. */
  readonly scanNames: readonly string[];
  /** Condition of a partial index. */
  readonly where: string | null;
}

/** Usable HNSW and IVFFlat indexes of a table, by name; `oid` as `BrowsedTable` has it. */
export async function readVectorIndexes(session: TargetSession, oid: string): Promise<readonly IndexOnColumn[]> {
  const found = (await session.query(vectorIndexesQuery, [oid])).rows[0];
  return (JSON.parse(String(found?.['indexes'])) as readonly CatalogIndex[]).map(toIndex);
}

/** Without what only a search needs to know. */
export function describeIndex({ name, method, opclass, metric, options, bytes }: IndexOnColumn): VectorIndex {
  return { name, method, opclass, metric, options, bytes };
}

/** `vector_cosine_ops` → cosine; null for an operator class that none of the four operators uses. */
export function metricOfOpclass(opclass: string): VectorMetric | null {
  const found = /^(?:vector|halfvec)_(cosine|l2|ip|l1)_ops$/.exec(opclass)?.[1];
  return (found as VectorMetric | undefined) ?? null;
}

interface CatalogIndex {
  readonly name: string;
  readonly column: string;
  readonly names: readonly string[];
  readonly method: VectorIndex['method'];
  readonly opclass: string;
  readonly options: readonly string[] | null;
  readonly where: string | null;
  readonly bytes: number;
}

/** What pgvector takes where an index was made without the option. */
const defaultOptions = { hnsw: { m: '16', ef_construction: '64' }, ivfflat: { lists: '100' } } as const;

function toIndex({ names, options, ...index }: CatalogIndex): IndexOnColumn {
  const given = (options ?? []).map((option) => option.split('=', 2) as [string, string]);
  return {
    ...index,
    metric: metricOfOpclass(index.opclass),
    options: { ...defaultOptions[index.method], ...Object.fromEntries(given) },
    scanNames: names,
  };
}
