import type { Cell, RowsColumn, VectorCell } from '../../src/core/model/rows.ts';
import { element } from './dom.ts';
import { highlighted } from './highlight.ts';
import { sparkline } from './sparkline.ts';

/** Characters of a value that a line of a grid can show at most; more would only cost time. */
const mostShown = 400;

/** Shows a value in one line: NULL in italics, a mark where it is cut, JSON coloured, a vector as a line with its dimensions. */
export function renderCell(target: HTMLElement, cell: Cell, column?: Pick<RowsColumn, 'type'>): void {
  if (cell === null) target.append(nullMark());
  else if (isVector(cell)) {
    target.classList.add('vector');
    target.append(sparkline(cell.values, 76, 16), element('span', { class: 'vector-dimensions secondary' }, cell.dimensions));
  } else {
    const text = typeof cell === 'string' ? cell : cell.text;
    const shown = oneLine(text.slice(0, mostShown));
    target.append(...(isJsonType(column?.type) ? highlighted(shown, 'json') : [document.createTextNode(shown)]));
    const length = typeof cell === 'string' ? text.length : cell.cut;
    if (length > shown.length || typeof cell !== 'string') {
      target.append(element('span', { class: 'cut-mark', title: `${length.toLocaleString('en')} characters` }, '…'));
    }
  }
}

/** NULL as a mark that no text can be taken for. */
export function nullMark(): HTMLElement {
  return element('span', { class: 'null' }, 'NULL');
}

/** False for a cut text and for a sampled vector. */
export function isWhole(cell: Cell): boolean {
  if (cell === null || typeof cell === 'string') return true;
  return isVector(cell) && cell.values.length === cell.dimensions;
}

export function isVector(cell: Cell): cell is VectorCell {
  return typeof cell === 'object' && cell !== null && 'dimensions' in cell;
}

export function isJsonType(type: string | undefined): boolean {
  return type !== undefined && /^jsonb?$/i.test(type);
}

/** Line ends are shown as a mark, because a row has one line. */
function oneLine(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '↵').replaceAll('\t', '⇥');
}
