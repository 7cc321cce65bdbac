import type { RejectPolicy } from '../load/load-range.ts';
import type { OrphanList } from '../model/run.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { quarantinedKeys, type CompiledKey } from '../plan/compiled-keys.ts';
import { readCreatedObjects } from '../state/created-object-store.ts';
import { readRefusedPlaces } from '../state/reject-store.ts';
import { readValidatedKeys } from '../target/validated-keys.ts';
import { sourceNamed } from './frozen-sources.ts';
import type { HeldRun } from './hold-run.ts';
import type { RunContext } from './run-context.ts';

/**
 * Before the first foreign key is added: sets the rows aside whose parent is missing, where the plan says so. A run whose foreign keys are there has done it,
 * and is not to do it again, because a row that goes would take others along by the actions of these keys.
 */
export async function putOrphansAside(context: RunContext, held: HeldRun, policy: RejectPolicy): Promise<void> {
  const { request, engine, effective, sources, control } = context;
  const tables = effective.compiled.tables.filter((table) => quarantinedKeys(table).length > 0);
  if (tables.length === 0) return;
  const made = await control.use((target) => readCreatedObjects(target, held.runId));
  if (made.some(({ kind }) => kind === 'foreign-key')) return;
  await engine.pool.run(
    'moveOutOrphans',
    {
      snapshots: new Map([...sources].map(([name, { snapshot }]) => [name, snapshot])),
      address: engine.workerAddress(request.target, held.runId),
      tables,
      fence: { runId: held.runId, epoch: held.epoch },
      policy,
    },
    request.signal,
  );
}

/** Rows listed for each foreign key. */
const listedOrphans = 100;

/** The orphans that stay in tables which the run made, by each foreign key that is not proved. */
export async function listOrphans(context: RunContext, held: HeldRun, redactValues: boolean): Promise<readonly OrphanList[]> {
  const { request, engine, effective, sources, control } = context;
  const tables = effective.compiled.tables.filter(({ existing, foreignKeys }) => existing === undefined && foreignKeys.length > 0);
  if (tables.length === 0) return [];
  const refused = await control.use((target) => readRefusedPlaces(target, held.runId));
  const search = (table: CompiledTable, key: CompiledKey): Promise<OrphanList | null> =>
    engine.pool.run(
      'listOrphans',
      {
        snapshot: sourceNamed(sources, table.source).snapshot,
        address: engine.workerAddress(request.target, held.runId),
        table,
        key,
        excluded: refused.get(table.label) ?? [],
        limit: listedOrphans,
        redactValues,
      },
      request.signal,
    );
  const lists: OrphanList[] = [];
  for (const table of tables) {
    const validated = await control.use((target) => readValidatedKeys(target, table.to));
    for (const key of table.foreignKeys) {
      const list = validated.has(key.name) ? null : await search(table, key);
      if (list !== null) lists.push(list);
    }
  }
  return lists;
}
