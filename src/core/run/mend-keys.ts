import { MigrationError } from '../errors.ts';
import type { RejectPolicy } from '../load/load-range.ts';
import type { Statement } from '../model/statement.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { readCreatedObjects } from '../state/created-object-store.ts';
import { readRefusedPlaces } from '../state/reject-store.ts';
import { sourceNamed } from './frozen-sources.ts';
import type { HeldRun } from './hold-run.ts';
import type { RunContext } from './run-context.ts';
import { tablesWithin } from './tables-within.ts';

/**
 * What to do when a key cannot be added because loaded rows break it: under `quarantine` the later rows are taken out and kept as rejects (true = try
 * again), else `key-not-unique` says so. Only rows of tables that this run made are ever taken out.
 */
export function keyMender(
  context: RunContext,
  held: HeldRun,
  policy: RejectPolicy,
): (statement: Statement, error: unknown) => Promise<boolean> {
  const { request, engine, effective, sources, control } = context;
  return async (statement, error) => {
    const rule = statement.unique;
    if (rule === undefined || !(error instanceof MigrationError) || error.context.sqlstate !== '23505') return false;
    const table = effective.compiled.tables.find(({ label }) => label === statement.table);
    const made = await control.use((target) => readCreatedObjects(target, held.runId));
    const isOurs = made.some(({ kind, schema, name }) => kind === 'table' && `${schema}.${name}` === statement.table);
    if (policy.onReject === 'stop' || table === undefined || !isOurs) {
      throw new MigrationError('key-not-unique', {
        context: { ...error.context, table: statement.table ?? '', constraint: rule.name },
        cause: error,
      });
    }
    const refused = await control.use((target) => readRefusedPlaces(target, held.runId));
    const moved = await engine.pool.run(
      'moveOutDuplicates',
      {
        snapshot: sourceNamed(sources, table.source).snapshot,
        address: engine.workerAddress(request.target, held.runId),
        table,
        fence: { runId: held.runId, epoch: held.epoch },
        policy,
        rule,
        excluded: refused.get(table.label) ?? [],
        within: documentTables(table, context).map((one) => ({ table: one, excluded: refused.get(one.label) ?? [] })),
      },
      request.signal,
    );
    return moved > 0;
  };
}

/** Of a source whose tables are read together, those that this run makes. */
function documentTables(table: CompiledTable, { effective, sources }: RunContext): readonly CompiledTable[] {
  if (!sourceNamed(sources, table.source).snapshot.capabilities.groups) return [];
  return tablesWithin(table, effective.compiled.tables).filter(({ existing }) => existing === undefined);
}
