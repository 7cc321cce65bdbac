import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import type { NeighboursResult } from '../../model/neighbours.ts';
import type { SourceAgreement } from '../../model/source-agreement.ts';
import { locationText } from '../../model/store-location.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { readBrowsedTable } from '../../target/browsed-table.ts';
import { inReadOnly } from '../../target/read-only.ts';
import type { Target } from '../../target/target.ts';
import { compareLists } from '../../vectors/compare-lists.ts';
import { searchNeighbours } from '../../vectors/search-neighbours.ts';
import { readVectorColumn, type KeyPart, type VectorColumn } from '../../vectors/vector-column.ts';
import type { SourceAgreementRequest } from '../browse-requests.ts';
import { findComparedTable } from '../browse/compared-table.ts';
import { EngineSession } from '../engine-session.ts';
import { freezeStore, settingsOf } from '../frozen-sources.ts';
import { ProgressMeter } from '../progress-meter.ts';
import type { SourceProbe } from './search-source.ts';

/**
 * Computes the query in the source store, through the plan that its table came by, and compares what is found with the target's exact list. The store is
 * read once, frozen and read-only. Throws what a search and a verification throw, `bad-usage` for a table that the plan does not have, and `cancelled`.
 */
export async function askSource(request: SourceAgreementRequest, deps: EngineDeps): Promise<SourceAgreement> {
  const { signal } = request;
  const engine = new EngineSession(deps, 1);
  let target: Target | null = null;
  const stop = (): void => {
    void target?.cancel().catch(() => undefined);
    void engine.pool.close();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    target = await engine.openTarget(request.target);
    return await compareWithSource(request, target, engine, deps);
  } catch (error) {
    throw signal.aborted ? new MigrationError('cancelled', { cause: error }) : error;
  } finally {
    signal.removeEventListener('abort', stop);
    await engine.close();
  }
}

async function compareWithSource(
  request: SourceAgreementRequest,
  target: Target,
  engine: EngineSession,
  deps: EngineDeps,
): Promise<SourceAgreement> {
  const { input, schema, table: name, signal } = request;
  const start = deps.clock.elapsed();
  deps.emit({ type: 'phase', phase: 'search' });
  const { subject, table } = await findComparedTable({ input, target: request.target, schema, table: `${schema}.${name}`, signal }, target);
  const { column, planKey } = await readColumns(target, request, table);
  const exact = await searchNeighbours({ ...request, compare: true, effort: null }, target, deps.clock.elapsed);
  const location = subject.locations.get(table.source);
  if (location === undefined) throw new MigrationError('internal', { context: { detail: `source ${table.source} was not named` } });
  const { plan } = subject.effective;
  const settings = settingsOf(plan, table.source);
  const store = await freezeStore(location, { pool: engine.pool, deps, signal, kind: plan.sources[table.source]?.kind, settings });
  const rows = store.catalog.tables.find(({ name: stored }) => stored === table.from)?.rows ?? null;
  const meter = new ProgressMeter('search', rows, deps);
  const found = await engine.pool.run(
    'searchSource',
    {
      snapshot: store.snapshot,
      address: engine.workerAddress(request.target, null),
      table,
      excluded: subject.refused.get(table.label) ?? [],
      probe: toProbe(request, exact, column, planKey),
    },
    signal,
    (progress) => meter.add(progress),
  );
  meter.end();
  return {
    ...compareLists(exact.metric, exact.exact.neighbours, found),
    location: locationText(location),
    table: table.from,
    seconds: (deps.clock.elapsed() - start) / 1000,
  };
}

/** The column as it is now, and what reads the plan's key. Throws `bad-usage` when the plan fills the column with something else. */
async function readColumns(
  target: Target,
  name: SourceAgreementRequest,
  table: CompiledTable,
): Promise<{ readonly column: VectorColumn; readonly planKey: readonly KeyPart[] }> {
  return inReadOnly(target, async (session) => {
    const column = await readVectorColumn(session, name);
    const planned = table.columns.find(({ to }) => to === name.column);
    if (planned?.type.name !== column.type || planned.type.arrayDepth > 0) {
      const detail =
        planned === undefined
          ? `The plan does not read column "${name.column}" of ${table.label} from the source`
          : `The plan makes column "${name.column}" of ${table.label} a ${planned.type.name}, and it is a ${column.type}`;
      throw new MigrationError('bad-usage', { context: { detail, hint: 'Choose a column that the plan fills, or leave the source out.' } });
    }
    const there = await readBrowsedTable(session, name.schema, name.table);
    const planKey = table.key.map((at) => {
      const to = table.columns[at]?.to ?? '';
      return { name: to, cast: there.columns.find((candidate) => candidate.name === to)?.cast ?? 'text' };
    });
    return { column, planKey };
  });
}

function toProbe(
  request: SourceAgreementRequest,
  exact: NeighboursResult,
  { key }: VectorColumn,
  planKey: readonly KeyPart[],
): SourceProbe {
  return {
    column: request.column,
    metric: exact.metric,
    vector: exact.query.vector,
    k: request.k,
    targetKey: key,
    list: exact.exact.neighbours.map((neighbour) => neighbour.key),
    queryKey: exact.query.key,
    planKey,
    filter: request.filter,
  };
}
