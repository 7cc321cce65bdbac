import { findNodeAtLocation, getLocation, parseTree, type Node } from 'jsonc-parser';
import { needsAcceptance } from '../../core/plan/unaccepted-losses.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import type { PlanFacts } from './plan-facts.ts';
import { columnOf, columnsOfSource } from './plan-names.ts';
import { outlinePlan, tableOfPath, type OutlineColumn } from './plan-outline.ts';

/** What to show about a column. Plain text: whoever draws it escapes it. */
export interface PlanHover {
  /** "strength REAL → numeric(3,2)" in parts. */
  readonly name: string;
  readonly declared: string | null;
  readonly type: string;
  readonly lines: readonly string[];
  readonly start: number;
  readonly end: number;
}

const keys: ReadonlySet<string | number | undefined> = new Set(['type', 'from', 'to', 'loss', 'expectedRejects']);

const indexKeys: ReadonlySet<string | number | undefined> = new Set(['method', 'opclass', 'expression']);

/** The column or the index that the offset is in, when it is at its type or its names; null elsewhere, where the JSON Schema explains the keys. */
export function hoverPlan(text: string, offset: number, facts: PlanFacts): PlanHover | null {
  const { path, previousNode, isAtPropertyKey } = getLocation(text, offset);
  const isValue =
    previousNode !== undefined && !isAtPropertyKey && offset >= previousNode.offset && offset <= previousNode.offset + previousNode.length;
  if (!isValue || path.length !== 5) return null;
  if (path[2] === 'indexes') return hoverIndex(text, path, previousNode);
  if (!keys.has(path[4])) return null;
  const outline = outlinePlan(text);
  const table = tableOfPath(outline, path);
  const column = columnOf(table, path);
  if (column === null || column.type === '') return null;
  const declared = columnsOfSource(outline, table, facts).find(({ name }) => name === column.from)?.declared ?? null;
  // At the type itself Problems tells evidence and rejects in the same hover.
  const isTold = path[4] === 'type' && column.expectedRejects > 0;
  const found = [...(isTold ? [] : [column.evidence]), lossLine(column), ...(isTold ? [] : [rejectLine(column, outline.onReject)])];
  const lines = found.filter((line) => line !== '');
  const { offset: start, length } = previousNode;
  return {
    name: column.to,
    declared: declared === '' ? 'no declared type' : declared,
    type: column.type,
    lines,
    start,
    end: start + length,
  };
}

/** Why an index is as it is, at its method, operator class or expression. */
function hoverIndex(text: string, path: readonly (string | number)[], { offset, length }: Node): PlanHover | null {
  if (!indexKeys.has(path[4])) return null;
  const tree = parseTree(text, undefined, { allowTrailingComma: true });
  const textOf = (key: string): string => {
    const node = tree === undefined ? undefined : findNodeAtLocation(tree, [...path.slice(0, 4), key]);
    return typeof node?.value === 'string' ? node.value : '';
  };
  const evidence = textOf('evidence');
  if (evidence === '') return null;
  const name = textOf('name') || 'index';
  return {
    name,
    declared: null,
    type: `${textOf('method')} ${textOf('opclass')}`.trim(),
    lines: [evidence],
    start: offset,
    end: offset + length,
  };
}

function lossLine(column: OutlineColumn): string {
  if (needsAcceptance(column)) return `Values are ${column.loss}; the run refuses until "accept" is true or the type is wider.`;
  const words: Readonly<Record<string, string>> = {
    exact: 'Every value is kept exactly.',
    widened: 'The same values in a larger type.',
    rounded: 'Values are rounded, and that is accepted.',
    lossy: 'Values are changed, and that is accepted.',
  };
  return column.expectedRejects > 0 && column.loss === 'exact' ? '' : (words[column.loss] ?? '');
}

function rejectLine({ expectedRejects, type }: OutlineColumn, onReject: 'stop' | 'quarantine'): string {
  if (expectedRejects === 0) return '';
  const outcome = onReject === 'stop' ? 'the run refuses before anything is created' : 'their rows are kept apart';
  return `${formatNumber(expectedRejects, 'value')} ${expectedRejects === 1 ? 'does' : 'do'} not fit ${type}: ${outcome}.`;
}
