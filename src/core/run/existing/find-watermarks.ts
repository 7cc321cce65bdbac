import { createHash } from 'node:crypto';
import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import type { FoundWatermark } from '../../model/watermark.ts';
import type { CompiledTable, TableWatermark } from '../../plan/compiled-plan.ts';
import type { Plan } from '../../plan/plan-schema.ts';
import { readBegun, readReached } from '../../state/watermark-store.ts';
import type { SourceSnapshot } from '../../sources/source.ts';
import type { ControlSession } from '../control-session.ts';
import type { EffectivePlan } from '../effective-plan.ts';
import { sourceNamed, type FrozenSources } from '../frozen-sources.ts';
import { foundError, type Found } from '../preflight/finding.ts';
import { ProgressMeter } from '../progress-meter.ts';
import type { WorkerPool } from '../worker-pool.ts';

export interface WatermarkSearch {
  readonly sources: FrozenSources;
  readonly pool: WorkerPool;
  readonly deps: EngineDeps;
  /** null: the run makes its target. */
  readonly control: ControlSession | null;
  /** Of a run that is resumed. */
  readonly runId: string | null;
  readonly signal: AbortSignal;
}

export interface FoundWatermarks {
  /** By the label of the table. */
  readonly marks: ReadonlyMap<string, FoundWatermark>;
  /** Why no table can be synced by its watermark. */
  readonly found: readonly Found[];
}

type Watermarked = CompiledTable & { readonly watermark: TableWatermark };

/** Looks from which value on each table that has a watermark is read. Nothing is changed. A resumed run goes on with what it began with. */
export async function findWatermarks({ plan, compiled }: EffectivePlan, search: WatermarkSearch): Promise<FoundWatermarks> {
  const tables = compiled.tables.filter((table): table is Watermarked => table.watermark !== undefined);
  if (tables.length === 0) return { marks: new Map(), found: [] };
  if (plan.options.deletions === 'apply')
    return { marks: new Map(), found: [foundError('watermark-deletions', { tables: tables.map(({ label }) => label) })] };
  const meter = new ProgressMeter('preflight', null, search.deps);
  const looks = await Promise.all(tables.map((table) => lookAt(plan, table, search, meter)));
  return {
    marks: new Map(looks.flatMap(({ label, mark }) => (mark === null ? [] : [[label, mark]]))),
    found: looks.flatMap(({ found }) => found),
  };
}

interface Look {
  readonly label: string;
  readonly mark: FoundWatermark | null;
  readonly found: readonly Found[];
}

async function lookAt(plan: Plan, table: Watermarked, search: WatermarkSearch, meter: ProgressMeter): Promise<Look> {
  const { control, runId, sources, pool, signal } = search;
  const { label, to } = table;
  const { snapshot } = sourceNamed(sources, table.source);
  const named = { plan: plan.name, label, to };
  const begun = control === null || runId === null ? null : await control.use((target) => readBegun(target, named, runId));
  if (begun !== null) return { label, mark: begun, found: [] };
  const binding = bindingOf(table, snapshot);
  const since =
    control === null || table.existing === undefined
      ? null
      : await control.use((target) => readReached(target, named, binding)).catch(withoutRights);
  try {
    const survey = await pool.run('surveyWatermark', { snapshot, table, since }, signal, (progress) => meter.add(progress));
    return { label, mark: { since, ...survey, binding }, found: [] };
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'watermark-unfit') throw error;
    return { label, mark: null, found: [{ severity: 'error', error }] };
  }
}

/** Whoever may not read the state is refused by preflight, with the rights that are missing. */
function withoutRights(error: unknown): null {
  if (error instanceof MigrationError && error.code === 'no-privilege') return null;
  throw error;
}

/** A mark holds for this store, read in this way: rows that were read in another way have to be read again. */
function bindingOf({ from, columns, options, watermark }: Watermarked, { location, paths = [] }: SourceSnapshot): string {
  const { column, rule } = watermark;
  const bound = { location, paths, from, columns, options, column, rule };
  return createHash('sha256')
    .update(JSON.stringify(bound, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)))
    .digest('hex');
}

/** The plan as the run reads its tables. */
export function withWatermarks(effective: EffectivePlan, marks: FoundWatermarks['marks']): EffectivePlan {
  if (marks.size === 0) return effective;
  const tables = effective.compiled.tables.map((table): CompiledTable => {
    const found = marks.get(table.label);
    if (found === undefined || table.watermark === undefined) return table;
    const { existing } = table;
    return {
      ...table,
      watermark: { ...table.watermark, found },
      ...(existing === undefined ? {} : { existing: { ...existing, ...(found.since === null ? {} : { partial: true as const }) } }),
    };
  });
  return { ...effective, compiled: { ...effective.compiled, tables } };
}
