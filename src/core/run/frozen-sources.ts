import path from 'node:path';
import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { Catalog } from '../model/catalog.ts';
import { locationText, type StoreLocation } from '../model/store-location.ts';
import type { TableProfile } from '../model/column-profile.ts';
import type { SourceKindName } from '../model/source-kind.ts';
import type { Plan } from '../plan/plan-schema.ts';
import type { CopyRule, SourceSettings, SourceSnapshot } from '../sources/source.ts';
import { FilesMeter } from './files-meter.ts';
import { sourcesRead, type EffectivePlan } from './effective-plan.ts';
import { RecordsMeter } from './records-meter.ts';
import type { WorkerPool } from './worker-pool.ts';

/** A source of a plan, frozen and read. */
export interface FrozenSource {
  readonly snapshot: SourceSnapshot;
  readonly catalog: Catalog;
  /** Of a source whose values this command has read. */
  readonly profiles?: readonly TableProfile[];
}

/** By the name that the plan gives it. */
export type FrozenSources = ReadonlyMap<string, FrozenSource>;

/** What freezing works with. */
export interface Freezing {
  readonly pool: WorkerPool;
  readonly deps: EngineDeps;
  readonly signal: AbortSignal;
  readonly copy?: CopyRule | undefined;
}

export interface StoreFreezing extends Freezing {
  /** What a plan says of the source: its kind, and what stands beside kind and path. */
  readonly kind?: SourceKindName | undefined;
  readonly settings?: SourceSettings;
}

/** Freezes the sources that a run of the plan reads; paths in it are relative to `directory`. The others need not be there. */
export async function freezeSources(effective: EffectivePlan, directory: string, freezing: Freezing): Promise<FrozenSources> {
  const { plan } = effective;
  const read = sourcesRead(effective);
  const frozen = new Map<string, FrozenSource>();
  for (const [name, source] of Object.entries(plan.sources)) {
    if (!read.has(name)) continue;
    const one = await freezeStore(locationOf(source.path, directory), { ...freezing, kind: source.kind, settings: settingsOf(plan, name) });
    if (one.snapshot.kind !== source.kind) {
      throw new MigrationError('wrong-store-kind', {
        context: { source: name, path: locationText(source.path), planned: source.kind, found: one.snapshot.kind },
      });
    }
    frozen.set(name, one);
  }
  return frozen;
}

/** Where a source of a plan is; a path in it is relative to `directory`. */
export function locationOf(planned: Plan['sources'][string]['path'], directory: string): StoreLocation {
  return typeof planned === 'string' ? path.resolve(directory, planned) : planned.map((one) => path.resolve(directory, one));
}

/** What a plan says of a source beside its kind and path; empty for a source that it does not name. */
export function settingsOf(plan: Pick<Plan, 'sources'>, name: string): SourceSettings {
  const { kind: _kind, path: _path, ...settings } = plan.sources[name] ?? {};
  return settings;
}

/** A private copy, if one is needed, goes with the pool. */
export async function freezeStore(
  location: StoreLocation,
  { pool, deps, signal, copy, kind, settings = {} }: StoreFreezing,
): Promise<FrozenSource> {
  const scratch = await pool.scratchIn(deps.scratchDirectory);
  const options = { location, scratch, settings, ...(copy === undefined ? {} : { copy }), ...(kind === undefined ? {} : { kind }) };
  const meters = { files: new FilesMeter(deps), records: new RecordsMeter(deps) };
  const snapshot = await pool.run('freeze', options, signal, ({ files, records }) => {
    if (files !== undefined) meters.files.show(files);
    if (records !== undefined) meters.records.show(records);
  });
  return { snapshot, catalog: await pool.run('introspect', { snapshot }, signal) };
}

/** Sources that hold other bytes now than when the plan was made from them. */
export function staleSources(plan: Plan, sources: FrozenSources): readonly { readonly name: string; readonly location: string }[] {
  return [...sources].flatMap(([name, { snapshot }]) => {
    const made = plan.madeFrom.sources[name];
    return made === undefined || made.fingerprint === snapshot.fingerprint ? [] : [{ name, location: snapshot.location }];
  });
}

/** Throws `source-changed` when a store was written to since it was frozen. */
export async function checkUnchanged(sources: FrozenSources, pool: WorkerPool, signal: AbortSignal): Promise<void> {
  for (const { snapshot } of sources.values()) await pool.run('checkUnchanged', { snapshot }, signal);
}

export function sourceNamed(sources: FrozenSources, name: string): FrozenSource {
  const source = sources.get(name);
  if (source === undefined) throw new MigrationError('internal', { context: { detail: `source ${name} was not opened` } });
  return source;
}
