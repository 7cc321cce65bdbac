import { cellText } from '../../src/core/model/cell-text.ts';
import type { CellDifference } from '../../src/core/model/discrepancy.ts';
import type { ComparedColumn, ComparedRow, RowComparison } from '../../src/core/model/row-comparison.ts';
import type { Cell } from '../../src/core/model/rows.ts';
import { element } from '../shared/dom.ts';
import { changedPart, shortened, type MarkedText } from './changed-part.ts';
import { visibleChange, visibleText, type TextLayout } from './visible-text.ts';

/** Characters around a change that a line, and the record, show at most. */
const limits = { line: { lead: 12, most: 240 }, block: { lead: 400, most: 2_000 } } as const;

/** One side's value: NULL is no word of the data, so it looks different. */
export function value(text: string | null, layout: TextLayout, className = ''): HTMLElement {
  if (text === null) return element('span', { class: `null ${className}` }, 'NULL');
  const shown = shortened({ before: '', changed: '', after: text }, 0, limits[layout].most).after;
  return element('span', { class: className }, visibleText(shown, layout));
}

/** Both values of a cell that differs, what they do not share marked. */
export function bothValues(
  { source, target }: Pick<CellDifference, 'source' | 'target'>,
  layout: TextLayout,
): { readonly source: HTMLElement; readonly target: HTMLElement } {
  if (source === null || target === null) return { source: value(source, layout), target: value(target, layout) };
  const marked = changedPart(source, target);
  // A short beginning stays: it tells which value it is.
  const { lead, most } = limits[layout];
  const whole = layout === 'line' && marked.source.before.length <= 2 * lead;
  const part = (text: MarkedText): HTMLElement => markedText(shortened(text, whole ? 2 * lead : lead, most), layout);
  return { source: part(marked.source), target: part(marked.target) };
}

function markedText({ before, changed, after }: MarkedText, layout: TextLayout): HTMLElement {
  const mark = changed === '' ? null : element('mark', {}, visibleChange(changed, layout, after === ''));
  return element('span', {}, visibleText(before, layout, changed === '' && after === ''), mark, visibleText(after, layout));
}

/** Fills a cell of a row that differs: both values where they do; where they are equal one, as the target has it, and a mark when the source writes it otherwise. */
export function fillCell(cell: HTMLElement, row: ComparedRow, column: ComparedColumn, at: number): void {
  const difference = row.columns.find(({ name }) => name === column.name);
  if (difference === undefined || row.state !== 'different') {
    const shown = row.target ?? row.source;
    const converted = row.state === 'different' && isConverted(row, at);
    cell.append(value(cellText(shown?.[at] ?? null), 'line', converted ? 'equal-value converted' : 'equal-value'));
    return;
  }
  const { source, target } = bothValues(difference, 'line');
  cell.classList.add('differs');
  cell.append(
    element('span', { class: 'side source' }, element('span', { class: 'visually-hidden' }, 'source '), source),
    element('span', { class: 'side target' }, element('span', { class: 'visually-hidden' }, 'target '), target),
  );
}

/** Written differently on both sides; of a column that does not differ, so it is the same value all the same. */
export function isConverted({ source, target }: ComparedRow, at: number): boolean {
  return cellText(source?.[at] ?? null) !== cellText(target?.[at] ?? null);
}

const glyphs = { different: '≠', missing: '−', extra: '+' } as const;

/** Fills the first cell of a row that differs: how it does, and which line is which side. */
export function fillState(cell: HTMLElement, row: ComparedRow, stacked: boolean): void {
  const both = stacked ? ['source', 'target'] : [];
  const sides = row.state === 'missing' ? ['source'] : row.state === 'extra' ? ['target'] : both;
  cell.classList.add('state-cell');
  cell.append(
    element('span', { class: `glyph state-${row.state}`, 'aria-hidden': 'true' }, glyphs[row.state]),
    element('span', { class: 'visually-hidden' }, row.state),
    element('span', { class: 'side-names small secondary' }, ...sides.map((side) => element('span', {}, side))),
  );
}

/** What copying a cell of a row that differs gives; another column than those of the table is its state. */
export function copiedText({ columns }: RowComparison, row: ComparedRow, column: string): string | null {
  const at = columns.findIndex(({ name }) => name === column);
  if (at < 0) return row.state;
  const cells: readonly Cell[] | null = row.target ?? row.source;
  const difference = row.columns.find(({ name }) => name === column);
  if (difference === undefined || row.state !== 'different') return cellText(cells?.[at] ?? null);
  return `${difference.source ?? 'NULL'} → ${difference.target ?? 'NULL'}`;
}
