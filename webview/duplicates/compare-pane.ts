import { cellText } from '../../src/core/model/cell-text.ts';
import type { Cell } from '../../src/core/model/rows.ts';
import { renderCell } from '../shared/cells.ts';
import { element, fill, icon } from '../shared/dom.ts';
import { similarityText } from '../shared/figures.ts';
import { button } from '../shared/ui.ts';
import type { Marked, PairListActions } from './pair-list.ts';
import type { PairRows } from './pair-rows.ts';

/** Both rows of what is marked, value beside value. */
export function createComparePane(actions: Pick<PairListActions, 'openNeighbours' | 'openRows'>): {
  readonly root: HTMLElement;
  draw(marked: Marked, rows: PairRows): void;
  hide(): void;
} {
  const root = element('section', { class: 'compare', 'aria-label': 'Both rows', hidden: true });
  return {
    root,
    hide: () => void (root.hidden = true),
    draw(marked, rows) {
      root.hidden = false;
      fill(root, head(marked, actions), table(marked, rows));
    },
  };
}

function head({ a, b, similarity }: Marked, actions: Pick<PairListActions, 'openNeighbours' | 'openRows'>): HTMLElement {
  return element(
    'div',
    { class: 'compare-head' },
    element('h2', {}, similarity === null ? 'Both rows' : `Similarity ${similarityText(similarity)}`),
    element('span', { class: 'spacer' }),
    button('Neighbours of First', { icon: 'graph-scatter', onClick: () => actions.openNeighbours(a) }),
    button('Neighbours of Second', { icon: 'graph-scatter', onClick: () => actions.openNeighbours(b) }),
    button('Open Rows', { icon: 'table', onClick: () => actions.openRows([a, b]) }),
  );
}

function table({ a, b }: Marked, rows: PairRows): HTMLElement {
  const [left, right] = [rows.cells(a), rows.cells(b)];
  const title = (key: readonly string[]): HTMLElement => element('th', { scope: 'col' }, key.join(', '));
  const lines = rows.columns.map(({ name, type }, i) => line(name, type, left[i] ?? null, right[i] ?? null));
  return element(
    'div',
    // Scrolled by keys too.
    { class: 'compare-scroll', tabindex: 0, role: 'region', 'aria-label': 'Values of both rows' },
    element(
      'table',
      { class: 'compare-table' },
      element('thead', {}, element('tr', {}, element('td', {}), title(a), element('td', {}), title(b))),
      element('tbody', {}, ...lines),
    ),
  );
}

function line(name: string, type: string, left: Cell, right: Cell): HTMLElement {
  const same = cellText(left) === cellText(right);
  const mark = same ? icon('dash', { class: 'secondary' }) : element('span', { class: 'not-equal' }, '≠');
  const word = element('span', { class: 'visually-hidden' }, same ? 'equal' : 'different');
  return element(
    'tr',
    {},
    element('th', { scope: 'row', class: 'secondary' }, name),
    value(left, type),
    element('td', { class: 'compare-mark' }, mark, word),
    value(right, type),
  );
}

function value(cell: Cell, type: string): HTMLElement {
  const made = element('td', { class: 'mono', title: cellText(cell) });
  renderCell(made, cell, { type });
  return made;
}
