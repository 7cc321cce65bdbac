import { tableBadges } from '../../core/plan/plan-badges.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import type { PlanFacts } from './plan-facts.ts';
import { sourcePath } from './plan-names.ts';
import { outlinePlan, type OutlineTable, type PlanOutline } from './plan-outline.ts';

/** What stands above a place of the file. */
export interface PlanLens {
  readonly offset: number;
  /** `tables[table]`, null for the whole plan. */
  readonly table: number | null;
  readonly actions: readonly ('diff' | 'sql' | 'run' | 'rows')[];
  /** "52,118 rows · 6 columns · exact"; '' for none. */
  readonly summary: string;
}

/** One lens for the plan and one for each of its tables, in the order of the file; none for what is not a plan. */
export function planLenses(text: string, facts: PlanFacts): readonly PlanLens[] {
  const outline = outlinePlan(text);
  const tables = outline.tables.filter(({ list }) => list === 'tables');
  if (outline.root?.type !== 'object' || tables.length === 0) return [];
  const whole: PlanLens = { offset: outline.root.offset, table: null, actions: ['diff', 'sql', 'run'], summary: facts.stale ?? '' };
  return [whole, ...tables.map((table): PlanLens => tableLens(table, outline, facts))];
}

function tableLens(table: OutlineTable, outline: PlanOutline, facts: PlanFacts): PlanLens {
  const path = sourcePath(outline, table);
  const rows = path === null || table.from === null ? null : (facts.table(path, table.from)?.rows ?? null);
  return {
    offset: table.offset,
    table: table.index,
    actions: table.include ? ['diff', 'sql', 'run', 'rows'] : ['rows'],
    summary: summarise(table, rows),
  };
}

function summarise(table: OutlineTable, rows: number | null): string {
  const { losses, accepted, rejects } = tableBadges(table.columns);
  const isExact = losses + accepted + rejects === 0;
  return [
    ...(table.include ? [] : ['not included']),
    ...(rows === null ? [] : [formatNumber(rows, 'row')]),
    formatNumber(table.columns.length, 'column'),
    ...(isExact ? ['exact'] : []),
    ...(losses === 0 ? [] : [`${formatNumber(losses, 'loss', 'losses')} to accept`]),
    ...(accepted === 0 ? [] : [`${formatNumber(accepted, 'column')} rounded, accepted`]),
    ...(rejects === 0 ? [] : [`${formatNumber(rejects, 'reject')} expected`]),
  ].join(' · ');
}
