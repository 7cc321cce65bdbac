import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { plannedTables, type PlannedTable } from '../../core/plan/planned-table.ts';
import type { PlanProblem } from '../../core/plan/plan-problem.ts';
import type { Plan, PlanColumn } from '../../core/plan/plan-schema.ts';
import { formatCount, formatNumber } from '../../core/report/format-quantity.ts';
import { outlinePlan } from './plan-outline.ts';

/** One entry of Problems. `start` and `end` are offsets in UTF-16 code units; at most to the end of the line. */
export interface PlanFinding {
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly start: number;
  readonly end: number;
}

/**
 * What is wrong or worth knowing in the text of a plan. `checked` is what validatePlan() found in the same text; errors of JSON itself are left to the
 * editor, which reports them for every file.
 */
export function findPlanProblems(
  text: string,
  checked: { readonly plan: Plan | null; readonly problems: readonly PlanProblem[] },
  stale: string | null,
): readonly PlanFinding[] {
  const { root } = outlinePlan(text);
  const starts = lineStarts(text);
  const known = checked.problems
    .filter((problem) => problem.path.length > 0 || !problem.message.startsWith('This is not valid JSON'))
    .map(({ severity, message, path, line, column }): PlanFinding => {
      const offset = (starts[line - 1] ?? 0) + column - 1;
      const unknownKey = message.endsWith('is not a key that is known here.') ? keyRange(text, root, path) : null;
      return { severity, message, path, ...(unknownKey ?? rangeOf(text, root, path, offset)) };
    });
  const more = checked.plan === null ? [] : [...expectedRejects(checked.plan), ...staleness(stale)];
  return [...known, ...more.map((finding) => ({ ...finding, ...rangeOf(text, root, finding.path, null) }))];
}

type Range = Pick<PlanFinding, 'start' | 'end'>;
type Unplaced = Omit<PlanFinding, 'start' | 'end'>;

/** Under `stop` a run checks every row first and refuses; under `quarantine` the rows are kept apart. */
function expectedRejects(plan: Plan): readonly Unplaced[] {
  const stops = plan.options.onReject === 'stop';
  return plannedTables(plan, plan.target.schema).flatMap((table) =>
    table.body.columns.flatMap((column, i): readonly Unplaced[] => {
      if (column.expectedRejects === 0) return [];
      const outcome = stops
        ? 'The run refuses before anything is created.'
        : `${column.expectedRejects === 1 ? 'Its row is' : 'Their rows are'} kept apart as rejects.`;
      return [
        {
          severity: stops ? 'warning' : 'information',
          message: `${misfits(column)}. ${outcome}`,
          path: [...columnsPath(table), i, 'type'],
        },
      ];
    }),
  );
}

function columnsPath(table: PlannedTable): (string | number)[] {
  return [...table.path, 'columns'];
}

/** "12 of 31,408 values do not fit numeric(3,2): 31408 of 31408 values are reals, …" */
function misfits({ expectedRejects: count, evidence, type }: PlanColumn): string {
  const total = /\bof (\d+) values?\b/.exec(evidence)?.[1];
  const values = total === undefined ? formatNumber(count, 'value') : `${formatCount(count)} of ${formatNumber(Number(total), 'value')}`;
  const why = evidence === '' ? '' : `: ${evidence}`;
  return `${values} ${count === 1 ? 'does' : 'do'} not fit ${type}${why}`;
}

function staleness(stale: string | null): readonly Unplaced[] {
  return stale === null ? [] : [{ severity: 'information', message: stale, path: ['madeFrom'] }];
}

/** The value at the path, or the key before a list or an object; else what is nearest. Never more than the rest of a line. */
function rangeOf(text: string, root: Node | undefined, path: readonly (string | number)[], offset: number | null): Range {
  const node = nearest(root, path);
  if (node !== undefined && (offset === null || node.offset === offset)) {
    const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    const shown = node.type === 'object' || node.type === 'array' ? (key ?? node) : node;
    return cut(text, shown.offset, shown.offset + shown.length);
  }
  const start = offset ?? 0;
  const word = /^(?:"(?:[^"\\\r\n]|\\.)*"|[\w.+-]+|.)/.exec(text.slice(start, start + 500));
  return { start, end: start + (word?.[0].length ?? 0) };
}

/** A key that nobody knows: its name is what is wrong, not its value. */
function keyRange(text: string, root: Node | undefined, path: readonly (string | number)[]): Range | null {
  const key = root === undefined ? undefined : findNodeAtLocation(root, [...path])?.parent?.children?.[0];
  return key === undefined ? null : cut(text, key.offset, key.offset + key.length);
}

function nearest(root: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  for (let length = path.length; root !== undefined && length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

function cut(text: string, start: number, end: number): Range {
  const lineEnd = text.slice(start, end).search(/[\r\n]/);
  return { start, end: lineEnd < 0 ? end : start + lineEnd };
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)];
}
