import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import type { ComparedColumn, ComparedRow, RowComparison } from '../../model/row-comparison.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { comparisonRule } from '../../rows/comparison-rule.ts';
import { readRefusedPlaces } from '../../state/reject-store.ts';
import { formatPgType } from '../../sql/pg-type.ts';
import type { WholeRowDifferences } from '../../verify/compare-whole-rows.ts';
import type { CompareRowsRequest } from '../browse-requests.ts';
import { EngineSession } from '../engine-session.ts';
import { freezeStore, settingsOf, type FrozenSource } from '../frozen-sources.ts';
import type { BrowseSession } from './browse-session.ts';
import { findComparedTable } from './compared-table.ts';
import { orAborted } from './or-aborted.ts';
import { sortComparedRows } from './sort-compared-rows.ts';

const defaultLimit = 2_000;

/**
 * Verifies one table and returns its differing rows whole. Both sides are read in full, over connections and threads of its own. Throws what a
 * verification throws, and `bad-usage` for a table that the plan does not have.
 */
export function compareRows(request: CompareRowsRequest, session: BrowseSession): Promise<RowComparison> {
  return orAborted(compareTable(request, session.lentDeps), request.signal);
}

async function compareTable(request: CompareRowsRequest, deps: EngineDeps): Promise<RowComparison> {
  const { signal } = request;
  const start = deps.clock.elapsed();
  const engine = new EngineSession(deps, 2);
  const stop = (): void => void engine.pool.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const target = await engine.openTarget(request.target);
    const { subject, table } = await findComparedTable(request, target);
    const location = subject.locations.get(table.source);
    if (location === undefined) throw new MigrationError('internal', { context: { detail: `source ${table.source} was not named` } });
    const settings = settingsOf(subject.effective.plan, table.source);
    const { kind } = subject.effective.plan.sources[table.source] ?? {};
    const store = await freezeStore(location, { pool: engine.pool, deps, signal, kind, settings });
    const { snapshot } = store;
    const refused = subject.run === null ? [] : ((await readRefusedPlaces(target, subject.run.runId)).get(table.label) ?? []);
    const address = engine.workerAddress(request.target, null);
    const [[source], there] = await Promise.all([
      engine.pool.run('sumSource', { snapshot, tables: [table], excluded: [refused] }, signal),
      engine.pool.run('sumTarget', { address, table }, signal),
    ]);
    if (source === undefined) throw new MigrationError('internal', { context: { detail: `${table.label} was not summed` } });
    const found = await engine.pool.run(
      'compareRows',
      {
        snapshot,
        address,
        table,
        source,
        target: there,
        excluded: refused,
        limit: request.limit ?? defaultLimit,
        ...(request.state === undefined ? {} : { state: request.state }),
      },
      signal,
    );
    const { different, missing, extra } = found;
    const counts = { equal: there.rows - different - extra, different, missing, extra };
    const complete = found.rows.length === different + missing + extra;
    const { rows, folds } = await sortComparedRows(target, table, found.rows, { complete, equal: counts.equal, targetRows: there.rows });
    return {
      table: table.label,
      columns: comparedColumns(table, store, found),
      counts,
      sourceRows: source.rows,
      targetRows: there.rows,
      keyed: table.key.length > 0,
      rows: rows.map(({ keyTexts: _, ...row }): ComparedRow => row),
      complete,
      folds,
      seconds: (deps.clock.elapsed() - start) / 1000,
    };
  } finally {
    signal.removeEventListener('abort', stop);
    await engine.close();
  }
}

function comparedColumns(table: CompiledTable, { catalog }: FrozenSource, found: WholeRowDifferences): ComparedColumn[] {
  const stored = catalog.tables.find(({ name }) => name === table.from);
  return table.columns.map((column, i) => ({
    from: column.from,
    name: column.to,
    declared: stored?.columns.find(({ name }) => name === column.from)?.declared ?? '',
    type: formatPgType(column.type),
    key: table.key.includes(i),
    rule: comparisonRule(column, table.options.emptyText),
    different: found.differentByColumn[column.to] ?? 0,
  }));
}
