import type { DiskEstimate } from '../../model/preflight.ts';
import type { CompiledPlan, CompiledTable } from '../../plan/compiled-plan.ts';
import { indexedColumn } from '../../plan/indexed-column.ts';
import { uniqueColumns } from '../../plan/plan-object-names.ts';
import { isVectorIndex } from '../../plan/opclass-name.ts';
import type { Plan, PlanIndex } from '../../plan/plan-schema.ts';
import type { PlannedTable } from '../../plan/planned-table.ts';
import { vectorIndexParts } from '../../plan/vector-index-parts.ts';
import { freeBytes } from '../../sources/shared/free-bytes.ts';
import { parsePgType } from '../../sql/pg-type.ts';
import { maxIndexDimensions, type IndexedVectorType } from '../../sql/vector-limits.ts';
import { vectorIndexEntryBytes } from '../../mapping/vector-index-size.ts';
import type { EngineDeps } from '../../engine-deps.ts';
import { sourceNamed, type FrozenSources } from '../frozen-sources.ts';
import type { TargetChoice } from '../requests.ts';
import { foundError, foundWarning, type Found } from './finding.ts';
import { tablesOfRun } from './plan-limits.ts';
import { fixedWidth } from '../../load/tuple-width.ts';

/** Header of a row and its entry in the page. */
const bytesOfRow = 28;
/** Header, entry and page overhead of one row in a B-tree. */
const bytesOfIndexEntry = 20;
/** Long values in keys are cut by nobody, but few keys are long. */
const mostKeyValueBytes = 64;
/** Write-ahead log that is kept at least, and the empty database. */
const bytesOfDatabase = 128 * 2 ** 20;

/** Bytes that a run is expected to add to its target, and where they go. Free space of a server's disk cannot be asked. */
export async function estimateDisk(
  plan: Plan,
  compiled: CompiledPlan,
  sources: FrozenSources,
  target: TargetChoice,
  deps: EngineDeps,
): Promise<readonly DiskEstimate[]> {
  const needed = estimateTarget(plan, compiled, sources);
  const copies = [...sources.values()].filter(({ snapshot }) => snapshot.temporary).reduce((sum, { snapshot }) => sum + snapshot.size, 0);
  const embedded = target.kind === 'embedded' ? target.directory : null;
  return [
    {
      what: 'target',
      path: embedded,
      needed: embedded === null ? needed : needed + bytesOfDatabase + spoolOf(compiled, sources),
      free: embedded === null ? null : await freeBytes(embedded),
    },
    // The copies are there already: what is free is what they left.
    ...(copies === 0
      ? []
      : [{ what: 'private copies', path: deps.scratchDirectory, needed: copies, free: await freeBytes(deps.scratchDirectory) } as const]),
  ];
}

/** An estimate is no proof, and long texts are compressed: a run is refused when not even a quarter of it is free. */
export function checkDisk(estimates: readonly DiskEstimate[]): readonly Found[] {
  return estimates.flatMap(({ what, path: folder, needed, free }) => {
    if (what !== 'target' || free === null || free >= needed) return [];
    const context = { what: 'The target', path: folder, needed, free };
    return [free < needed / 4 ? foundError('no-space', context) : foundWarning('no-space', context)];
  });
}

/**
 * Sum over tables: bytes of the rows in the source + rows × (28 + bytes of fixed-width columns), and for each index
 * rows × (20 + bytes of its columns, at most 64 of one whose length varies), of an index for neighbours what pgvector writes for a row.
 */
function estimateTarget(plan: Plan, compiled: CompiledPlan, sources: FrozenSources): number {
  const loaded = new Map(compiled.tables.map((table) => [table.label, table]));
  return Math.ceil(
    tablesOfRun(plan, compiled).reduce((sum, table) => {
      const size = sizeOf(loaded.get(table.label), sources);
      const width = table.body.columns.reduce((bytes, column) => bytes + (fixedWidth(parsePgType(column.type))?.[0] ?? 0), 0);
      return sum + size.bytes + size.rows * (bytesOfRow + width + indexBytes(table, size));
    }, 0),
  );
}

interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Of a table that the source has not measured, nothing is known. */
function sizeOf(table: CompiledTable | undefined, sources: FrozenSources): TableSize {
  if (table === undefined) return { rows: 0, bytes: 0 };
  const { snapshot, catalog } = sourceNamed(sources, table.source);
  const rows = catalog.tables.find(({ name }) => name === table.from)?.rows ?? 0;
  return { rows, bytes: snapshot.measured[table.from]?.bytes ?? 0 };
}

/** A verification copies each table to a file beside the embedded database, one after the other. */
function spoolOf(compiled: CompiledPlan, sources: FrozenSources): number {
  return compiled.tables.reduce((most, table) => Math.max(most, sizeOf(table, sources).bytes), 0);
}

/** Of all indexes together, for one row. */
function indexBytes({ body }: PlannedTable, { rows, bytes }: TableSize): number {
  const typical = Math.min(mostKeyValueBytes, rows === 0 ? 0 : bytes / rows);
  const bytesOf = (name: string): number => {
    const column = body.columns.find(({ to }) => to === name);
    if (column === undefined) return typical;
    const type = parsePgType(column.type);
    return fixedWidth(type)?.[0] ?? typical;
  };
  const keys: readonly (readonly string[])[] = [
    ...(body.primaryKey.length > 0 ? [body.primaryKey] : []),
    ...body.uniques.map(uniqueColumns),
    ...body.indexes.filter((index) => !isVectorIndex(index)).map((index) => index.columns.map((part) => indexedColumn(part) ?? '')),
  ];
  const neighbours = body.indexes.filter(isVectorIndex).reduce((sum, index) => sum + vectorEntryBytes(body, index), 0);
  return keys.reduce((sum, key) => sum + bytesOfIndexEntry + key.reduce((width, name) => width + bytesOf(name), 0), neighbours);
}

/** IVFFlat keeps no neighbours, but its pages are filled alike. */
function vectorEntryBytes({ columns }: PlannedTable['body'], index: PlanIndex): number {
  return vectorIndexParts(columns, index).reduce((sum, { type, dimensions }) => {
    if (dimensions === null || !(type in maxIndexDimensions)) return sum;
    return sum + vectorIndexEntryBytes(type as IndexedVectorType, dimensions, Number(index.with['m'] ?? 16));
  }, 0);
}
