import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import { adviseIndex } from '../mapping/advise-index.ts';
import type { IndexAdvice } from '../model/index-advice.ts';
import type { VectorIndex } from '../model/neighbours.ts';
import type { VectorHealth } from '../model/vector-health.ts';
import { adviceSql } from './advice-sql.ts';
import { describeIndex } from '../target/vector-indexes.ts';
import { checkHealth } from '../vectors/check-health.ts';
import { readVectorColumn } from '../vectors/vector-column.ts';
import type { IndexAdviceRequest } from './browse-requests.ts';
import { mostBuildMemory, readServerResources } from './index-build/build-settings.ts';
import { onTarget } from './on-target.ts';

export interface ColumnAdvice {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string;
  /** As declared, e.g. "vector(384)". */
  readonly type: string;
  readonly rows: number;
  readonly vectors: number;
  readonly advice: IndexAdvice;
  /** The statement that makes the advised index; null where there is none. */
  readonly sql: string | null;
  /** Bytes that the build of an index gets on this server. */
  readonly buildMemory: number;
  /** Those that are there. */
  readonly indexes: readonly VectorIndex[];
}

/**
 * `sluice advise`: looks at every vector of a column and at the server, and says which index serves the search for neighbours. Nothing is written.
 * Throws what `readVectorColumn` throws, `bad-usage` for a column without a vector or with vectors of several dimensions, and `cancelled`.
 */
export async function adviseColumn(request: IndexAdviceRequest, deps: EngineDeps): Promise<ColumnAdvice> {
  return onTarget(request.target, request.signal, deps, async (target) => {
    const column = await readVectorColumn(target, request);
    const health = await checkHealth(request, target);
    checkDimensions(health);
    const buildMemory = mostBuildMemory(await readServerResources(target));
    const zero = health.checks.find(({ check }) => check === 'zero')?.count ?? 0;
    const advice = adviseIndex({
      column: column.column,
      type: column.type,
      dimensions: health.dimensions.expected ?? column.dimensions,
      vectors: health.vectors,
      norms: { zero, unit: health.norms?.unit ?? 0 },
      duplicates: health.duplicates.rows,
      metric: request.metric,
      server: { buildMemory, pgvector: column.vectorVersion },
    });
    return {
      table: health.table,
      column: health.column,
      type: health.type,
      rows: health.rows,
      vectors: health.vectors,
      advice,
      sql: adviceSql(advice, column),
      buildMemory,
      indexes: column.indexes.map(describeIndex),
    };
  });
}

/** An index has one length. */
function checkDimensions({ table, column, dimensions }: VectorHealth): void {
  if (dimensions.expected !== null && dimensions.found.length <= 1) return;
  const found = dimensions.found.map(({ dimensions: length, rows }) => `${rows} of ${length}`).join(', ');
  const detail =
    found === '' ? `${table}.${column} has no vector yet` : `${table}.${column} mixes dimensions (${found}), and an index has one`;
  const hint =
    found === ''
      ? 'Load or compute vectors first.'
      : 'Make a partial index for each, on (column::vector(n)) WHERE vector_dims(column) = n.';
  throw new MigrationError('bad-usage', { context: { detail, hint } });
}
