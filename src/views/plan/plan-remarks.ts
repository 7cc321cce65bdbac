import type { Plan, PlanTable } from '../../core/plan/plan-schema.ts';
import { needsAcceptance } from '../../core/plan/unaccepted-losses.ts';
import { formatCount } from '../format-quantity.ts';
import type { Translate } from '../tree-item-spec.ts';

/** Something to know about a plan or one of its tables. */
export interface PlanRemark {
  /** Unique in the plan. */
  readonly id: string;
  readonly text: string;
  readonly detail: string;
  readonly isWarning: boolean;
  /** Where it stands in the file. */
  readonly path: readonly (string | number)[];
}

/** Losses, expected rejects and the planner's notes about one table. */
export function tableRemarks(plan: Plan, index: number, t: Translate): readonly PlanRemark[] {
  const table = plan.tables[index];
  if (table === undefined) return [];
  const columns = table.columns.flatMap((column, i) => columnRemarks(column, ['tables', index, 'columns', i], `${index}:${i}`, t));
  const notes = plan.notes.flatMap((note, i): readonly PlanRemark[] => {
    const text = noteAbout(note, table);
    if (text === null || isSaidAlready(text, table)) return [];
    return [{ id: `note:${i}`, text, detail: '', isWarning: false, path: ['notes', i] }];
  });
  return [...columns, ...notes];
}

/** Notes that are about no table: views and triggers that stay behind, and what a person wrote. */
export function planRemarks(plan: Plan): readonly PlanRemark[] {
  return plan.notes.flatMap((note, i) =>
    plan.tables.some((table) => noteAbout(note, table) !== null)
      ? []
      : [{ id: `note:${i}`, text: note, detail: '', isWarning: false, path: ['notes', i] }],
  );
}

function columnRemarks(
  column: PlanTable['columns'][number],
  path: readonly (string | number)[],
  id: string,
  t: Translate,
): readonly PlanRemark[] {
  const { to, type, loss, expectedRejects: rejects } = column;
  const lossy: PlanRemark = {
    id: `loss:${id}`,
    text: t('{0} is {1} as {2}', to, loss, type),
    detail: t('not accepted'),
    isWarning: true,
    path: [...path, 'loss'],
  };
  const rejected: PlanRemark = {
    id: `rejects:${id}`,
    text: t('{0} does not fit {1}', to, type),
    detail: rejects === 1 ? t('1 value') : t('{0} values', formatCount(rejects)),
    isWarning: true,
    path: [...path, 'type'],
  };
  return [...(needsAcceptance(column) ? [lossy] : []), ...(rejects > 0 ? [rejected] : [])];
}

/** The planner writes "table: note". */
function noteAbout(note: string, { from }: PlanTable): string | null {
  return typeof from === 'string' && note.startsWith(`${from}: `) ? note.slice(from.length + 2) : null;
}

/** The planner's note about expected rejects repeats what the column itself says. */
function isSaidAlready(text: string, table: PlanTable): boolean {
  return table.columns.some(({ from, expectedRejects }) => expectedRejects > 0 && text.startsWith(`Column ${String(from)}: up to `));
}
