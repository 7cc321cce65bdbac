import type { RunReport, RunResult } from '../../core/index.ts';
import type { Orphan, OrphanList } from '../../core/model/run.ts';

/** A row of a run that is loaded although its parent is missing. */
export interface ListedOrphan {
  readonly key: Omit<OrphanList, 'rows' | 'total'>;
  readonly row: Orphan;
}

export interface TableOrphans {
  /** All of them, listed or not; a row that lacks two parents counts twice. */
  readonly total: number;
  readonly listed: readonly ListedOrphan[];
}

/** Rows of one table without a parent, as the result or the report of a run tells them. */
export function orphansOf(run: Pick<RunResult, 'orphans'> | null, table: string): TableOrphans {
  const lists = (run?.orphans ?? []).filter((list) => list.table === table);
  return {
    total: lists.reduce((sum, list) => sum + list.total, 0),
    listed: lists.flatMap(({ rows, total: _total, ...key }) => rows.map((row) => ({ key, row }))),
  };
}

/** The store and the table in it that a table of a run comes from; null when nobody knows. */
export function originOf(run: RunResult | RunReport | null, table: string): { readonly location: string; readonly table: string } | null {
  const outcome = run?.tables.find(({ to }) => to === table);
  if (run === null || outcome === undefined) return null;
  const { sources } = run;
  const location = isList(sources) ? sources.find(({ name }) => name === outcome.source)?.location : sources[outcome.source];
  return location === undefined ? null : { location, table: outcome.from };
}

/** A report lists its sources, a result has their locations by name. */
function isList(sources: RunResult['sources'] | RunReport['sources']): sources is RunReport['sources'] {
  return Array.isArray(sources);
}
