import { cellText } from '../../src/core/model/cell-text.ts';
import type { Cell, RowsColumn, RowsTable, VectorCell } from '../../src/core/model/rows.ts';
import { isJsonType, isVector, nullMark } from '../shared/cells.ts';
import { element, fill, icon, type Child } from '../shared/dom.ts';
import { highlighted, indentJson, isJson } from '../shared/highlight.ts';
import { count, plural } from '../shared/quantities.ts';
import { sparkline } from '../shared/sparkline.ts';
import { iconButton, link } from '../shared/ui.ts';

/** Characters of a value, and of a block, that the pane shows; the editor shows all of it. */
const mostShown = 600;
const mostOfBlock = 4_000;

export interface RecordActions {
  readonly step: (by: -1 | 1) => void;
  readonly copy: (text: string) => void;
  readonly close: () => void;
  readonly openCell: (column: string) => void;
  readonly openReferenced: (column: string, value: string) => void;
  /** Null where there is no neighbours panel. */
  readonly openNeighbours: ((column: string, key: readonly string[]) => void) | null;
}

export interface RecordPane {
  readonly root: HTMLElement;
  /** Values in the order of the table's columns; null while they are loading. */
  draw(index: number, rows: number, cells: readonly Cell[] | null): void;
}

/** The whole row beside the grid. */
export function createRecordPane(table: RowsTable, actions: RecordActions): RecordPane {
  // A heading is never empty, also while the first row is on its way.
  const title = element('h2', { class: 'record-title mono' }, 'Row');
  const place = element('span', { class: 'record-place secondary' });
  let shown: readonly Cell[] = [];
  const header = element(
    'div',
    { class: 'record-header' },
    icon('key'),
    title,
    place,
    element('span', { class: 'spacer' }),
    iconButton('arrow-up', 'Previous row', () => actions.step(-1)),
    iconButton('arrow-down', 'Next row', () => actions.step(1)),
    iconButton('copy', 'Copy row as JSON', () => actions.copy(recordJson(table, shown))),
    iconButton('close', 'Close record (Space)', actions.close),
  );
  const body = element('div', { class: 'record-body', tabindex: 0, role: 'group', 'aria-label': 'Values of the row' });
  const root = element('aside', { class: 'record', 'aria-label': 'Record' }, header, body);

  return {
    root,
    draw(index, rows, cells) {
      place.textContent = `${count(index + 1)} of ${count(rows)}`;
      body.setAttribute('aria-busy', String(cells === null));
      // The values of the row before stay until the new ones are here, so that stepping does not flicker.
      if (cells === null) return;
      shown = cells;
      const key = keyOf(table, cells);
      title.textContent = key === null ? `Row ${count(index + 1)}` : key.join(', ');
      title.title = title.textContent;
      const fields = table.columns.map((column, at) => ({ column, cell: cells[at] ?? null }));
      const blocks = fields.filter(({ column, cell }) => isBlock(column, cell));
      const lines = fields.filter((each) => !blocks.includes(each));
      fill(
        body,
        element('dl', { class: 'record-lines' }, ...lines.flatMap(({ column, cell }) => [nameOf(column), valueOf(column, cell, actions)])),
        ...blocks.map(({ column, cell }) => blockOf(column, cell, key, actions)),
      );
    },
  };
}

function isBlock(column: RowsColumn, cell: Cell): boolean {
  return cell !== null && (isVector(cell) || isJsonType(column.type));
}

function nameOf(column: RowsColumn): HTMLElement {
  return element('dt', { class: 'secondary', title: column.type }, column.name);
}

function valueOf(column: RowsColumn, cell: Cell, actions: RecordActions): HTMLElement {
  if (cell === null || isVector(cell)) return element('dd', {}, cell === null ? nullMark() : cellText(cell));
  const whole = typeof cell === 'string' ? cell : cell.text;
  const text = whole.slice(0, mostShown);
  const length = typeof cell === 'string' ? whole.length : cell.cut;
  const { references } = column;
  const shown: Child[] =
    references !== null && typeof cell === 'string'
      ? [link(text, () => actions.openReferenced(column.name, cell)), element('span', { class: 'secondary' }, ` → ${references.table}`)]
      : [text];
  const more =
    length > text.length
      ? [
          element('span', { class: 'secondary' }, `… ${plural(length, 'character')} `),
          link('Open in editor', () => actions.openCell(column.name)),
        ]
      : [];
  const number = column.align === 'right' ? ' token-number' : '';
  return element('dd', { class: `record-value mono${number}` }, ...shown, ...more);
}

function blockOf(column: RowsColumn, cell: Cell, key: readonly string[] | null, actions: RecordActions): HTMLElement {
  const { openNeighbours } = actions;
  const vector = cell !== null && isVector(cell);
  const action =
    vector && openNeighbours !== null && key !== null
      ? link('Neighbours', () => openNeighbours(column.name, key))
      : link('Open in editor', () => actions.openCell(column.name), { 'aria-label': `Open in editor: ${column.name}` });
  return element(
    'section',
    { class: 'record-block', 'aria-label': column.name },
    element(
      'div',
      { class: 'record-block-head' },
      element('span', {}, column.name),
      element('span', { class: 'mono secondary' }, column.type),
      element('span', { class: 'spacer' }),
      action,
    ),
    vector ? vectorBlock(cell) : jsonBlock(cell),
  );
}

function jsonBlock(cell: Cell): HTMLElement {
  const text = cell === null ? '' : (cellText(cell) ?? '');
  const shown = isJson(text) ? indentJson(text) : text;
  return element(
    'pre',
    { class: 'code-block mono' },
    ...highlighted(shown.slice(0, mostOfBlock), 'json'),
    shown.length > mostOfBlock ? '…' : null,
  );
}

function vectorBlock(cell: VectorCell): HTMLElement {
  const { values, dimensions } = cell;
  let squares = 0;
  let zeros = 0;
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    squares += value * value;
    if (value === 0) zeros += 1;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const facts =
    values.length === dimensions && dimensions > 0
      ? [
          `norm ${Math.sqrt(squares).toFixed(4)}`,
          `min ${signed(least)}`,
          `max ${signed(most)}`,
          zeros === 1 ? '1 zero' : `${count(zeros)} zeros`,
        ]
      : [plural(dimensions, 'dimension')];
  return element(
    'div',
    { class: 'code-block vector-block' },
    sparkline(values, 288, 48),
    element('div', { class: 'vector-facts secondary' }, ...facts.map((fact) => element('span', {}, fact))),
  );
}

function signed(value: number): string {
  return value.toFixed(3).replace('-', '−');
}

/** Texts of the key columns, in the key's order; null without a key, or when one of them is cut. */
function keyOf(table: RowsTable, cells: readonly Cell[]): string[] | null {
  const keys = table.columns.map((column, at) => ({ key: column.key, cell: cells[at] ?? null })).filter(({ key }) => key !== null);
  keys.sort((a, b) => (a.key ?? 0) - (b.key ?? 0));
  const texts = keys.flatMap(({ cell }) => (typeof cell === 'string' ? [cell] : []));
  return texts.length === 0 || texts.length < keys.length ? null : texts;
}

/** Values are texts, as PostgreSQL prints them: numbers keep all their digits. */
function recordJson(table: RowsTable, cells: readonly Cell[]): string {
  return JSON.stringify(Object.fromEntries(table.columns.map(({ name }, at) => [name, cellText(cells[at] ?? null)])), null, 2);
}
