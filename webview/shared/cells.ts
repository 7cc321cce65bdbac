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

/** A value as text for the clipboard; NULL gives null. A cut value ends in `…`, and so does a vector of which only some components are here. */
export function cellText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  if (!isVector(cell)) return `${cell.text}…`;
  const components = Array.from(cell.values, shortest).join(',');
  return isWhole(cell) ? `[${components}]` : `[${components},…`;
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

/** The shortest decimal that is the same single-precision number, as PostgreSQL prints it. */
export function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** Line ends are shown as a mark, because a row has one line. */
function oneLine(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '↵').replaceAll('\t', '⇥');
}
