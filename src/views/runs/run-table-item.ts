import type { LiveTable } from '../../host/host.ts';
import { formatCount, formatSeconds } from '../format-quantity.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';

/** A table of a run: live, over, or left where the run stopped. */
export interface RunTable {
  /** `schema.table`. */
  readonly name: string;
  readonly state: LiveTable['state'] | 'over' | 'left';
  readonly rows: number | null;
  /** Of the source, while it is loaded. */
  readonly totalRows?: number | null;
  readonly rejects?: number;
  /** Rows that are loaded although their parent is missing. */
  readonly orphans?: number;
  readonly seconds?: number;
  /** Mode sync: rows that the table had as the source has them. */
  readonly unchanged?: number;
  /** Mode sync: rows that the source does not have any more. */
  readonly gone?: number;
  /** Rows that are missing, extra or different. */
  readonly differing?: number;
}

/** "conversations  9,310 rows · 0.8 s", "messages  112,640 of 181,700". `schema` is left out of the name: "public.". */
export function runTableItem(table: RunTable, schema: string, t: Translate): TreeItemSpec {
  const { rejects = 0, orphans = 0, differing = 0, unchanged, gone = 0, seconds } = table;
  const opens = rejects + orphans > 0 && table.state === 'over';
  const facts = [
    ...rowsFact(table, t),
    ...(unchanged === undefined ? [] : [t('{0} unchanged', formatCount(unchanged))]),
    ...(gone === 0 ? [] : [t('{0} gone from the source', formatCount(gone))]),
    ...(seconds === undefined ? [] : [formatSeconds(seconds)]),
    ...(rejects === 0 ? [] : [rejects === 1 ? t('1 reject') : t('{0} rejects', formatCount(rejects))]),
    ...(orphans === 0 ? [] : [t('{0} without a parent', formatCount(orphans))]),
    ...(differing === 0 ? [] : [differing === 1 ? t('1 row differs') : t('{0} rows differ', formatCount(differing))]),
    ...liveWord(table, t),
  ];
  return {
    label: table.name.slice(schema.length),
    description: facts.join(' · '),
    icon: iconOf(table),
    state: opens ? 'collapsed' : 'leaf',
    // The editor keeps a leaf a leaf.
    variant: opens ? ' rejects' : '',
    context: 'runtable',
    tooltip: escapeMarkdown(`${table.name}: ${facts.join(' · ')}`),
  };
}

function rowsFact({ state, rows, totalRows = null }: RunTable, t: Translate): readonly string[] {
  if (rows === null) return [];
  if (state === 'loading' && totalRows !== null) return [t('{0} of {1}', formatCount(rows), formatCount(totalRows))];
  return [rows === 1 ? t('1 row') : t('{0} rows', formatCount(rows))];
}

function liveWord({ state, rows, totalRows = null }: RunTable, t: Translate): readonly string[] {
  if (state === 'waiting') return [t('waiting')];
  if (state === 'loading') return rows === null || totalRows === null ? [t('loading')] : [];
  return state === 'verified' ? [t('verified')] : [];
}

function iconOf({ state, rejects = 0, orphans = 0, differing = 0 }: RunTable): NonNullable<TreeItemSpec['icon']> {
  if (differing > 0) return { id: 'error', color: 'list.errorForeground' };
  if (rejects + orphans > 0) return { id: 'warning', color: 'list.warningForeground' };
  if (state === 'waiting') return { id: 'circle-large-outline' };
  if (state === 'loading') return { id: 'sync', color: 'charts.blue' };
  return state === 'left' ? { id: 'table' } : { id: 'pass', color: 'charts.green' };
}
