import path from 'node:path';
import type { EngineDeps } from '../engine-deps.ts';
import { storeName } from '../model/store-location.ts';
import { planMigration } from '../plan/plan-migration.ts';
import { writePlan } from '../plan/write-plan.ts';
import { EngineSession } from './engine-session.ts';
import { profileStores, type ProfiledSource } from './profile-stores.ts';
import type { Freezing, FrozenSources } from './frozen-sources.ts';
import type { PlanRequest, PlanResult } from './requests.ts';

/** `sluice plan`: reads the stores and proposes a plan. Nothing is written anywhere. */
export async function planStores(request: PlanRequest, deps: EngineDeps): Promise<PlanResult> {
  const engine = new EngineSession(deps, deps.processorCount);
  try {
    const { plan, text, warnings } = await planWith(request, { pool: engine.pool, deps });
    return { plan, text, warnings };
  } finally {
    await engine.close();
  }
}

/** As planStores, with the stores still frozen for whoever goes on with them. */
export async function planWith(
  request: PlanRequest,
  { pool, deps, copy }: Omit<Freezing, 'signal'>,
): Promise<PlanResult & { readonly sources: FrozenSources }> {
  const stores = await profileStores(request.locations, request.sample ?? null, { pool, deps, signal: request.signal, copy });
  const named = nameStores(stores);
  const { schema, ...options } = request.options;
  const { plan, warnings } = planMigration({
    name: request.name ?? storeName(request.locations[0] ?? 'plan'),
    sources: Object.fromEntries(named.map(([name, store]) => [name, toPlanned(store, request)])),
    target: { profile: request.targetProfile, schema: schema ?? 'public' },
    options,
  });
  for (const warning of warnings) deps.emit({ type: 'warning', warning });
  return { plan, text: writePlan(plan), warnings, sources: new Map(named) };
}

/** One store is `main`; several are named after their files. */
function nameStores(stores: readonly ProfiledSource[]): [string, ProfiledSource][] {
  if (stores.length === 1 && stores[0] !== undefined) return [['main', stores[0]]];
  const used = new Set<string>();
  return stores.map((store) => {
    const base = storeName(store.snapshot.location);
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}_${n}`;
    used.add(name);
    return [name, store];
  });
}

function toPlanned(store: ProfiledSource, request: PlanRequest): Parameters<typeof planMigration>[0]['sources'][string] {
  return {
    kind: store.snapshot.kind,
    path: path.relative(request.directory, store.snapshot.location).split(path.sep).join('/'),
    ...(store.snapshot.settings !== undefined && { settings: store.snapshot.settings }),
    fingerprint: store.snapshot.fingerprint,
    profiled: request.sample ?? 'full',
    catalog: store.catalog,
    profiles: store.profiles,
  };
}
