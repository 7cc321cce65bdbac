import type { SchemaChange, SchemaDiffResult } from '../../core/index.ts';
import { comment, sqlLines } from '../../core/plan/render-sql-script.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { FollowUp } from '../follow-up.ts';
import { renderFollowUps } from './render-follow-ups.ts';

/** One line per object that differs (+ missing, ~ different, - only in the target), hazards, warnings, what can follow. */
export function renderDiff(diff: SchemaDiffResult, target: string, followUps: readonly FollowUp[]): string {
  const lines = [
    `plan against ${target}: ${countDifferences(diff)}`,
    ...diff.adds.map((change) => line('+', change, change.after)),
    ...diff.alters.map((change) => line('~', change, `${change.before ?? ''} → ${change.after ?? ''}`)),
    ...diff.deletes.map((change) => line('-', change, `${change.before ?? ''} (only in the target; it stays)`)),
    ...section('hazards:', hazards(diff)),
    ...section(
      'warnings:',
      diff.warnings.map((warning) => warning.message),
    ),
    '',
  ];
  return `${lines.map(visibleControls).join('\n')}\n${renderFollowUps(followUps)}`;
}

/** A script for psql: statements with their hazards; what only the target has as comments. */
export function renderDiffSql(diff: SchemaDiffResult, target: string): string {
  return [
    comment(`Turns ${target} into what the plan makes: ${countDifferences(diff)}.`),
    ...diff.warnings.map((warning) => comment(`warning: ${warning.message}`)),
    ...(diff.statements.length === 0 ? [] : ['SET search_path = public;', '']),
    ...diff.statements.flatMap(sqlLines),
    ...diff.deletes.map((change) => comment(`only in the target, left alone: ${change.kind} ${change.name}`)),
    '',
  ].join('\n');
}

export function isDifferent(diff: SchemaDiffResult): boolean {
  return diff.adds.length + diff.alters.length + diff.deletes.length > 0;
}

function countDifferences({ adds, alters, deletes }: SchemaDiffResult): string {
  const counts = [
    ...(adds.length === 0 ? [] : [`${formatNumber(adds.length, 'object')} missing`]),
    ...(alters.length === 0 ? [] : [`${formatNumber(alters.length, 'object')} different`]),
    ...(deletes.length === 0 ? [] : [`${formatNumber(deletes.length, 'object')} only in the target`]),
  ];
  return counts.length === 0 ? 'no differences' : counts.join(', ');
}

/** A table is told by its name: its DDL is long. */
function line(sign: string, change: SchemaChange, definition: string | null): string {
  const shown = change.kind === 'table' || definition === null || definition === '' ? '' : `: ${definition.replaceAll(/\s+/g, ' ')}`;
  return `  ${sign} ${change.kind} ${change.name}${shown}`;
}

/** Each hazard once, also where several statements share it. */
function hazards(diff: SchemaDiffResult): readonly string[] {
  const told = diff.statements.flatMap((statement) => statement.hazards.map((hazard) => `${hazard.code}: ${hazard.message}`));
  return [...new Set(told)];
}

function section(title: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : ['', title, ...entries.map((entry) => `  ${entry}`)];
}
