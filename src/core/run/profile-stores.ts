import type { TableProfile } from '../model/column-profile.ts';
import { freezeStore, type Freezing, type FrozenSource } from './frozen-sources.ts';
import { checkRowSizes } from './preflight/check-row-sizes.ts';
import { refuseErrors } from './preflight/finding.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface ProfiledSource extends FrozenSource {
  readonly profiles: readonly TableProfile[];
}

/** Freezes and reads the stores at `locations`, every value of every table (or `sample` rows of each). */
export async function profileStores(
  locations: readonly string[],
  sample: number | null,
  freezing: Freezing,
): Promise<readonly ProfiledSource[]> {
  const { pool, deps, signal } = freezing;
  deps.emit({ type: 'phase', phase: 'open' });
  const frozen: FrozenSource[] = [];
  for (const location of locations) frozen.push(await freezeStore(location, freezing));
  for (const { snapshot, catalog } of frozen)
    refuseErrors(
      checkRowSizes(
        snapshot,
        catalog.tables.map(({ name }) => name),
      ),
    );
  deps.emit({ type: 'phase', phase: 'profile' });
  const meter = new ProgressMeter('profile', totalRows(frozen, sample), deps);
  return Promise.all(frozen.map(async (store) => ({ ...store, profiles: await profileTables(store, sample, pool, meter, signal) })));
}

async function profileTables(
  store: FrozenSource,
  sample: number | null,
  pool: WorkerPool,
  meter: ProgressMeter,
  signal: AbortSignal,
): Promise<readonly TableProfile[]> {
  return Promise.all(
    store.catalog.tables.map((table) =>
      pool.run('profile', { snapshot: store.snapshot, table: table.name, sample }, signal, (progress) => meter.add(progress)),
    ),
  );
}

/** Rows that will be looked at; null when a source does not know how many it has. */
function totalRows(stores: readonly FrozenSource[], sample: number | null): number | null {
  let total = 0;
  for (const table of stores.flatMap((store) => store.catalog.tables)) {
    if (table.rows === null) return null;
    total += Math.min(table.rows, sample ?? Infinity);
  }
  return total;
}
