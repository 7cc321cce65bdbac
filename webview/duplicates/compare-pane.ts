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
      const { a, b, similarity, side } = marked;
      const [left, right] = [rows.cells(a), rows.cells(b)];
      const lines = rows.columns.map(({ name, type }, i) => {
        const same = cellText(left[i] ?? null) === cellText(right[i] ?? null);
        const mark = same ? icon('dash', { class: 'secondary' }) : element('span', { class: 'not-equal' }, '≠');
        return element(
          'tr',
          { class: same ? 'same' : 'other' },
          element('th', { scope: 'row', class: 'secondary' }, name),
          value(left[i] ?? null, type),
          element('td', { class: 'compare-mark' }, mark, element('span', { class: 'visually-hidden' }, same ? 'equal' : 'different')),
          value(right[i] ?? null, type),
        );
      });
      root.hidden = false;
      fill(
        root,
        element(
          'div',
          { class: 'compare-head' },
          element('h2', {}, similarity === null ? 'Both rows' : `Similarity ${similarityText(similarity)}`),
          element('span', { class: 'spacer' }),
          button('Neighbours of First', { icon: 'graph-scatter', onClick: () => actions.openNeighbours(a) }),
          button('Neighbours of Second', { icon: 'graph-scatter', onClick: () => actions.openNeighbours(b) }),
          button('Open Rows', { icon: 'table', onClick: () => actions.openRows([a, b]) }),
        ),
        element(
          'div',
          // Scrolled by keys too.
          { class: 'compare-scroll', tabindex: 0, role: 'region', 'aria-label': 'Values of both rows' },
          element(
            'table',
            { class: 'compare-table', 'data-side': side },
            element(
              'thead',
              {},
              element(
                'tr',
                {},
                element('td', {}),
                element('th', { scope: 'col' }, a.join(', ')),
                element('td', {}),
                element('th', { scope: 'col' }, b.join(', ')),
              ),
            ),
            element('tbody', {}, ...lines),
          ),
        ),
      );
    },
  };
}

function value(cell: Cell, type: string): HTMLElement {
  const made = element('td', { class: 'mono', title: cellText(cell) });
  renderCell(made, cell, { type });
  return made;
}
