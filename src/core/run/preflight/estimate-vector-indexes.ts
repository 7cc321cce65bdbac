import { estimateIndex } from '../../mapping/estimate-index.ts';
import { recommendedLists } from '../../mapping/ivfflat-lists.ts';
import type { VectorIndexEstimate } from '../../model/preflight.ts';
import { isVectorIndex } from '../../plan/opclass-name.ts';
import { vectorIndexParts } from '../../plan/vector-index-parts.ts';
import { maxIndexDimensions, type IndexedVectorType } from '../../sql/vector-limits.ts';
import type { Target } from '../../target/target.ts';
import type { EffectivePlan } from '../effective-plan.ts';
import { sourceNamed, type FrozenSources } from '../frozen-sources.ts';
import { mostBuildMemory, readServerResources } from '../index-build/build-settings.ts';
import { tablesOfRun } from './plan-limits.ts';

/** Disk, memory and time of each index for neighbours, from the rows of the store; those on an expression that is not known are left out. */
export function estimateVectorIndexes(
  { plan, compiled }: EffectivePlan,
  sources: FrozenSources,
  buildMemory: number | null,
): readonly VectorIndexEstimate[] {
  const loaded = new Map(compiled.tables.map((table) => [table.label, table]));
  return tablesOfRun(plan, compiled).flatMap(({ label, body }) => {
    const table = loaded.get(label);
    if (table === undefined) return [];
    const rows = sourceNamed(sources, table.source).catalog.tables.find(({ name }) => name === table.from)?.rows ?? 0;
    return body.indexes.filter(isVectorIndex).flatMap((index): readonly VectorIndexEstimate[] => {
      const [part] = vectorIndexParts(body.columns, index);
      if (part === undefined || part.dimensions === null || !(part.type in maxIndexDimensions)) return [];
      const method = index.method === 'ivfflat' ? 'ivfflat' : 'hnsw';
      const lists = Number(index.with['lists'] ?? NaN);
      const options: Record<string, number> =
        method === 'ivfflat'
          ? { lists: Number.isInteger(lists) ? lists : recommendedLists(rows) }
          : { m: Number(index.with['m'] ?? 16), ef_construction: Number(index.with['ef_construction'] ?? 64) };
      const facts = { type: part.type as IndexedVectorType, dimensions: part.dimensions };
      const name = index.name ?? `${part.expression === null ? part.column : (index.expression ?? part.column)} (${String(index.opclass)})`;
      return [
        { table: label, index: name, method, rows, buildMemory, ...estimateIndex(facts, { method, form: 'column', with: options }, rows) },
      ];
    });
  });
}

/** Bytes that the build of an index gets. */
export async function readBuildMemory(target: Target): Promise<number> {
  return mostBuildMemory(await readServerResources(target));
}
