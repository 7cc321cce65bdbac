import type { ComparedColumn, ComparedRow } from '../../src/core/model/row-comparison.ts';
import type { CellDifference } from '../../src/core/model/discrepancy.ts';
import { cellText } from '../shared/cell-text.ts';
import { element } from '../shared/dom.ts';
import { changedPart, visibleBlanks, type MarkedText } from './changed-part.ts';

/** One side's value: NULL is no word of the data, so it looks different. */
export function value(text: string | null, className = ''): HTMLElement {
  return text === null
    ? element('span', { class: `null ${className}` }, 'NULL')
    : element('span', { class: className }, visibleBlanks(text));
}

/** Both values of a cell that differs, what they do not share marked. */
export function bothValues(difference: Pick<CellDifference, 'source' | 'target'>): {
  readonly source: HTMLElement;
  readonly target: HTMLElement;
} {
  const { source, target } = difference;
  if (source === null || target === null) return { source: value(source, 'whole'), target: value(target, 'whole') };
  const marked = changedPart(source, target);
  return { source: markedText(marked.source), target: markedText(marked.target) };
}

function markedText({ before, changed, after }: MarkedText): HTMLElement {
  // Only a blank at the very end is invisible.
  const tail = after === '' ? visibleBlanks(changed) : changed;
  return element('span', {}, before, tail === '' ? null : element('mark', {}, tail), after);
}

/** Fills a cell of a row that differs: both values where they do, one where they are equal. */
export function fillCell(cell: HTMLElement, row: ComparedRow, column: ComparedColumn, at: number): void {
  const difference = row.columns.find(({ name }) => name === column.name);
  if (difference === undefined || row.state !== 'different') {
    const shown = row.source ?? row.target;
    cell.append(value(cellText(shown?.[at] ?? null), 'equal-value'));
    return;
  }
  const { source, target } = bothValues(difference);
  cell.classList.add('differs');
  cell.append(
    element('span', { class: 'side source' }, element('span', { class: 'visually-hidden' }, 'source '), source),
    element('span', { class: 'side target' }, element('span', { class: 'visually-hidden' }, 'target '), target),
  );
}
