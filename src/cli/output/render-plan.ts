import type { PlanResult } from '../../core/index.ts';
import { formatCount, formatNumber } from '../../core/report/format-quantity.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderFollowUps } from './render-follow-ups.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import { textTable } from './text-table.ts';

type PlannedTable = PlanResult['plan']['tables'][number];

/** What was decided, in short; the plan file holds the evidence. */
export function renderPlan(result: PlanResult, file: string, followUps: readonly FollowUp[]): string {
  const { plan, warnings } = result;
  const included = plan.tables.filter((table) => table.include !== false);
  const lines = [
    `plan written: ${visibleControls(file)} (${formatNumber(included.length, 'table')} into schema ${visibleControls(plan.target.schema ?? 'public')})`,
    '',
    ...textTable(
      [
        { title: 'table' },
        { title: 'columns', align: 'right' },
        { title: 'keys', align: 'right' },
        { title: 'indexes', align: 'right' },
        { title: 'expected rejects', align: 'right' },
        { title: 'values that change' },
      ],
      included.map((table) => [
        nameOf(table.to),
        formatCount(table.columns?.length ?? 0),
        formatCount((table.foreignKeys?.length ?? 0) + (table.uniques?.length ?? 0) + (table.primaryKey?.length ? 1 : 0)),
        formatCount(table.indexes?.length ?? 0),
        formatCount(expectedRejects(table)),
        changes(table),
      ]),
    ),
    ...renderVectorIndexes(included),
    ...(warnings.length === 0
      ? []
      : [
          '',
          'warnings:',
          ...warnings.map(
            (warning) => `  ${visibleControls(`${warning.table === undefined ? '' : `${warning.table}: `}${warning.message}`)}`,
          ),
        ]),
    '',
  ];
  return `${lines.join('\n')}\n${renderFollowUps(followUps)}`;
}

/** Why each index for neighbours is as it is. */
function renderVectorIndexes(tables: readonly PlannedTable[]): string[] {
  const lines = tables.flatMap((table) =>
    (table.indexes ?? []).flatMap(({ method, columns, expression, opclass, evidence = '' }) => {
      if (evidence === '') return [];
      const on = expression ?? (columns ?? []).map((column) => (typeof column === 'string' ? column : '')).join(', ');
      return [visibleControls(`  ${nameOf(table.to)}: ${method ?? ''} on ${on} with ${opclass ?? ''}. ${evidence}`)];
    }),
  );
  return lines.length === 0 ? [] : ['', 'indexes for neighbours:', ...lines];
}

function nameOf(name: PlannedTable['to']): string {
  return typeof name === 'string' ? name : `${name.schema}.${name.table}`;
}

function expectedRejects(table: PlannedTable): number {
  return (table.columns ?? []).reduce((sum, column) => sum + (column.expectedRejects ?? 0), 0);
}

function changes(table: PlannedTable): string {
  const changed = (table.columns ?? []).flatMap(({ to, loss }) => (loss === 'rounded' || loss === 'lossy' ? [`${to} (${loss})`] : []));
  return changed.length === 0 ? '-' : changed.join(', ');
}
