import type { VectorIndex, VectorMetric } from '../model/neighbours.ts';
import { readVectorExpression, type VectorExpression } from '../sql/vector-expression.ts';
import { vectorIndexesQuery } from './browse-queries.ts';
import type { TargetSession } from './target.ts';

export interface IndexOnColumn extends VectorIndex {
  readonly column: string;
  /** What of the column is indexed; null = the column itself. */
  readonly expression: (VectorExpression & { readonly dimensions: number }) | null;
  /** Names that EXPLAIN may show: its own, and those of its partitions. */
  readonly scanNames: readonly string[];
  /** Condition of a partial index. */
  readonly where: string | null;
}

/**
 * Usable HNSW and IVFFlat indexes of a table, by name; `oid` as `BrowsedTable` has it. Of indexes on expressions those on half precision, signs or a part
 * of one column.
 */
export async function readVectorIndexes(session: TargetSession, oid: string): Promise<readonly IndexOnColumn[]> {
  const found = (await session.query(vectorIndexesQuery, [oid])).rows[0];
  return (JSON.parse(String(found?.['indexes'])) as readonly CatalogIndex[]).flatMap(toIndex);
}

/** Without what only a search needs to know. */
export function describeIndex({ name, method, label, opclass, metric, options, bytes }: IndexOnColumn): VectorIndex {
  return { name, method, label, opclass, metric, options, bytes };
}

/** `vector_cosine_ops` → cosine; null for an operator class that none of the four operators uses. */
export function metricOfOpclass(opclass: string): VectorMetric | null {
  const found = /^(?:vector|halfvec)_(cosine|l2|ip|l1)_ops$/.exec(opclass)?.[1];
  return (found as VectorMetric | undefined) ?? null;
}

interface CatalogIndex {
  readonly name: string;
  readonly column: string | null;
  readonly expression: string | null;
  readonly names: readonly string[];
  readonly method: VectorIndex['method'];
  readonly opclass: string;
  readonly options: readonly string[] | null;
  readonly where: string | null;
  readonly bytes: number;
}

/** What pgvector takes where an index was made without the option. */
const defaultOptions = { hnsw: { m: '16', ef_construction: '64' }, ivfflat: { lists: '100' } } as const;

function toIndex({ names, options, column: own, expression: text, ...index }: CatalogIndex): readonly IndexOnColumn[] {
  const given = (options ?? []).map((option) => option.split('=', 2) as [string, string]);
  const expression = text === null ? null : sized(readVectorExpression(text));
  const column = own ?? expression?.column;
  if (column === undefined) return [];
  return [
    {
      ...index,
      column,
      expression,
      label: expression === null ? index.method : `${index.method} ${formLabel(expression)}`,
      // Signs are ranked by their angle, as far as signs can tell.
      metric: index.opclass === 'bit_hamming_ops' ? 'cosine' : metricOfOpclass(index.opclass),
      options: { ...defaultOptions[index.method], ...Object.fromEntries(given) },
      scanNames: names,
    },
  ];
}

function sized(expression: VectorExpression | null): IndexOnColumn['expression'] {
  return expression === null || expression.dimensions === null ? null : { ...expression, dimensions: expression.dimensions };
}

function formLabel({ form, start, dimensions }: NonNullable<IndexOnColumn['expression']>): string {
  if (form === 'subvector') return start === 1 ? `first ${dimensions}` : `${dimensions} from ${start}`;
  return form === 'binary' ? 'binary-quantised' : 'half precision';
}
