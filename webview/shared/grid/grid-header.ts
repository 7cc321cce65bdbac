import { element, icon } from '../dom.ts';
import type { GridColumn } from './grid-types.ts';

const narrowest = 48;
const widest = 1200;
/** Pixels that one key press changes. */
const step = 16;

export interface HeaderOptions {
  readonly onSort: (index: number, add: boolean) => void;
  readonly onWidth: (index: number, width: number) => void;
  readonly widthOf: (column: GridColumn) => number;
}

/** The row of column headers. Cells are focused from outside (roving), like those of the body. */
export class GridHeader {
  readonly root = element('div', { class: 'grid-row grid-header-row', role: 'row', 'aria-rowindex': 1 });
  readonly #options: HeaderOptions;
  #columns: readonly GridColumn[] = [];

  constructor(options: HeaderOptions) {
    this.#options = options;
  }

  cell(index: number): HTMLElement | undefined {
    return this.root.children[index] as HTMLElement | undefined;
  }

  draw(columns: readonly GridColumn[]): void {
    this.#columns = columns;
    this.root.replaceChildren(...columns.map((column, index) => this.#cell(column, index)));
  }

  /** The one cell that Tab reaches; null = it is in the body. */
  setTabStop(index: number | null): void {
    for (const [at, cell] of [...this.root.children].entries()) cell.setAttribute('tabindex', at === index ? '0' : '-1');
  }

  /** Enter and Space sort, Shift with arrows changes the width. True when the key was used. */
  onKey(event: KeyboardEvent, index: number): boolean {
    const column = this.#columns[index];
    if (column === undefined) return false;
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      this.#resize(index, this.#options.widthOf(column) + (event.key === 'ArrowLeft' ? -step : step));
      return true;
    }
    if ((event.key !== 'Enter' && event.key !== ' ') || column.sort === undefined) return false;
    this.#options.onSort(index, event.shiftKey);
    return true;
  }

  #cell(column: GridColumn, index: number): HTMLElement {
    const { sort } = column;
    return element(
      'div',
      {
        class: classesOf('grid-cell grid-header', column),
        role: 'columnheader',
        'aria-colindex': index + 1,
        'aria-sort': sort,
        tabindex: -1,
        'data-column': index,
        title: sort === undefined ? undefined : `Sort by ${column.name}; with Shift as well as by others`,
        style: column.pinned === true ? { left: `var(--left-${index})` } : {},
        on: { click: (event) => sort !== undefined && this.#options.onSort(index, event.shiftKey) },
      },
      nameOf(column),
      column.type === undefined ? null : element('span', { class: 'grid-header-type' }, column.type),
      this.#grip(index, column),
    );
  }

  /** The pointer is caught, so that the drag goes on outside of the narrow handle. */
  #grip(index: number, column: GridColumn): HTMLElement {
    const handle = element('div', { class: 'grid-grip', 'aria-hidden': 'true' });
    handle.addEventListener('pointerdown', (down) => {
      if (down.button !== 0) return;
      down.preventDefault();
      down.stopPropagation();
      const start = this.#options.widthOf(column);
      handle.setPointerCapture(down.pointerId);
      const onMove = (move: PointerEvent): void => this.#resize(index, start + move.clientX - down.clientX);
      handle.addEventListener('pointermove', onMove);
      handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', onMove), { once: true });
    });
    handle.addEventListener('click', (event) => event.stopPropagation());
    return handle;
  }

  #resize(index: number, to: number): void {
    this.#options.onWidth(index, Math.min(widest, Math.max(narrowest, Math.round(to))));
  }
}

function nameOf({ name, sort, pinned, marks = [] }: GridColumn): HTMLElement {
  const sorted = sort === 'ascending' || sort === 'descending';
  return element(
    'span',
    { class: 'grid-header-name' },
    element('span', { class: 'grid-header-text' }, name),
    ...marks.map(({ icon: mark, label }) =>
      icon(mark, { class: 'grid-mark', role: 'img', 'aria-hidden': null, 'aria-label': label, title: label }),
    ),
    pinned === true && sort !== undefined ? icon('pinned', { class: 'grid-mark' }) : null,
    sorted ? icon(sort === 'ascending' ? 'arrow-up' : 'arrow-down', { class: 'grid-sort' }) : null,
  );
}

/** Classes of a cell that come from its column. */
export function classesOf(base: string, column: GridColumn): string {
  return `${base}${column.align === 'right' ? ' right' : ''}${column.pinned === true ? ' pinned' : ''}`;
}
