import type { EngineDeps } from '../engine-deps.ts';
import type { TableVerification, Verification } from '../model/discrepancy.ts';
import { isTableMatch } from '../model/is-table-match.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { withComputed } from '../plan/with-computed.ts';
import type { Checkpoint } from '../state/checkpoint-store.ts';
import type { TargetAddress } from '../target/target.ts';
import { sourceNamed, type FrozenSources } from './frozen-sources.ts';
import { checkParities, type ParitySettings } from './check-parities.ts';
import { countRows } from './load-tables.ts';
import { loadedSums } from './loaded-sums.ts';
import { ProgressMeter } from './progress-meter.ts';
import { findGroups } from './table-groups.ts';
import type { SideSums } from './worker-messages.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Discrepancies shown per table. */
const shownDiscrepancies = 50;

export interface VerifySettings {
  readonly address: TargetAddress;
  /** Sums taken while loading; null = the source is read again. */
  readonly checkpoints: readonly Checkpoint[] | null;
  /** Rows that the server refused, by table label. */
  readonly refused: ReadonlyMap<string, readonly string[]>;
  readonly parity: ParitySettings;
}

/** Both passes, the independent aggregates and the constraints, for every table; then the plan's own queries. */
export async function verifyTables(
  tables: readonly CompiledTable[],
  sources: FrozenSources,
  pool: WorkerPool,
  settings: VerifySettings,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<Verification> {
  deps.emit({ type: 'phase', phase: 'verify' });
  const meter = new ProgressMeter('verify', countRows(tables, sources), deps);
  const read = await sumsOfSources(tables, sources, pool, settings, signal);
  const verified = await Promise.all(tables.map((table) => verifyOne(table, read(table), sources, pool, settings, meter, deps, signal)));
  const parity = await checkParities(settings.parity, sources, pool, settings.address, signal);
  const isMatch =
    verified.every((table) => isTableMatch(table)) && parity.every(({ status }) => status === 'match' || status === 'skipped');
  return { status: isMatch ? 'match' : 'mismatch', tables: verified, ...(parity.length === 0 ? {} : { parity }) };
}

type SourceReading = Promise<SideSums>;

/** How each table is summed on the side of the source, all at once; those that are read together in one pass. */
async function sumsOfSources(
  tables: readonly CompiledTable[],
  sources: FrozenSources,
  pool: WorkerPool,
  { checkpoints, refused }: VerifySettings,
  signal: AbortSignal,
): Promise<(table: CompiledTable) => SourceReading> {
  const sums = new Map<CompiledTable, SourceReading>();
  for (const group of await findGroups(tables, sources, pool, signal)) {
    // What PostgreSQL computed was never sent, so no checkpoint has its sums: both sides are read.
    const again = checkpoints === null ? group : group.filter((table) => withComputed(table) !== table);
    for (const table of group)
      if (checkpoints !== null && !again.includes(table))
        sums.set(table, Promise.resolve(loadedSums(checkpoints.filter((checkpoint) => checkpoint.table === table.label))));
    const [first] = again;
    if (first === undefined) continue;
    const { snapshot } = sourceNamed(sources, first.source);
    const excluded = again.map(({ label }) => refused.get(label) ?? []);
    const reading = pool.run('sumSource', { snapshot, tables: again.map(withComputed), excluded }, signal);
    for (const [i, table] of again.entries())
      sums.set(
        table,
        reading.then((all) => all[i] as SideSums),
      );
  }
  return (table) => sums.get(table) as SourceReading;
}

async function verifyOne(
  loaded: CompiledTable,
  reading: SourceReading,
  sources: FrozenSources,
  pool: WorkerPool,
  settings: VerifySettings,
  meter: ProgressMeter,
  deps: EngineDeps,
  signal: AbortSignal,
): Promise<TableVerification> {
  const table = withComputed(loaded);
  const { snapshot } = sourceNamed(sources, table.source);
  const excluded = settings.refused.get(table.label) ?? [];
  const [source, target] = await Promise.all([
    reading,
    pool.run('sumTarget', { address: settings.address, table }, signal, (progress) => meter.add(progress)),
  ]);
  const verified = await pool.run(
    'compare',
    { snapshot, address: settings.address, table, source, target, excluded, limit: shownDiscrepancies },
    signal,
  );
  deps.emit({ type: 'table', phase: 'verify', table: table.label, state: 'done', rows: verified.targetRows });
  return verified;
}
