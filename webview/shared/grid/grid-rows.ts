import { element } from '../dom.ts';
import { classesOf } from './grid-header.ts';
import { isInside } from './grid-keys.ts';
import type { GridColumn, GridOptions, GridPosition, GridRange } from './grid-types.ts';

interface DrawnRow {
  readonly root: HTMLElement;
  /** What was drawn: the same row is not drawn twice. Null = placeholder. */
  readonly row: unknown;
  readonly version: number;
}

export interface RowsState {
  readonly items: readonly { readonly index: number; readonly start: number; readonly size: number }[];
  readonly columns: readonly GridColumn[];
  readonly position: GridPosition;
  readonly selection: GridRange;
}

/** Draws the rows in sight and takes the others out of the document. */
export class GridRows<Row> {
  readonly #body: HTMLElement;
  readonly #options: GridOptions<Row>;
  readonly #drawn = new Map<number, DrawnRow>();
  #version = 0;

  constructor(body: HTMLElement, options: GridOptions<Row>) {
    this.#body = body;
    this.#options = options;
  }

  draw({ items, columns, position, selection }: RowsState): void {
    const wanted = new Set(items.map(({ index }) => index));
    for (const [index, { root }] of this.#drawn) {
      if (wanted.has(index)) continue;
      root.remove();
      this.#drawn.delete(index);
    }
    const isRange = selection.firstRow !== selection.lastRow || selection.firstColumn !== selection.lastColumn;
    for (const { index, start, size } of items) {
      const root = this.#drawRow(index, columns);
      root.style.top = `${start}px`;
      root.style.height = `${size}px`;
      root.classList.toggle('current', index === position.row);
      root.setAttribute('aria-selected', String(index === position.row));
      mark(root, index, position, isRange ? selection : null);
    }
  }

  /** Everything is drawn anew next time: data or columns changed. */
  invalidate(): void {
    this.#version += 1;
  }

  cell({ row, column }: GridPosition): HTMLElement | undefined {
    const root = this.#drawn.get(row)?.root;
    return root === undefined ? undefined : cellIn(root, column);
  }

  #drawRow(index: number, columns: readonly GridColumn[]): HTMLElement {
    const row = this.#options.row(index);
    const known = this.#drawn.get(index);
    if (known !== undefined && known.row === row && known.version === this.#version) return known.root;
    const root = known?.root ?? element('div', { role: 'row', 'data-row': index });
    const active = document.activeElement as HTMLElement | null;
    const focused = root.contains(active) ? Number(active?.closest<HTMLElement>('.grid-cell')?.dataset['column'] ?? 0) : null;
    this.#fill(root, row, index, columns);
    this.#drawn.set(index, { root, row, version: this.#version });
    if (root.parentElement === null) this.#body.append(root);
    // Drawing again took the focused cell out of the document.
    if (focused !== null) cellIn(root, focused)?.focus({ preventScroll: true });
    return root;
  }

  #fill(root: HTMLElement, row: Row | null, index: number, columns: readonly GridColumn[]): void {
    const { rowClass, renderWhole } = this.#options;
    const state = row === null ? 'loading' : (rowClass?.(row, index) ?? '');
    root.className = `grid-row${index % 2 === 1 ? ' odd' : ''} ${state}`.trimEnd();
    root.setAttribute('aria-rowindex', String(index + 2));
    if (row !== null && renderWhole !== undefined) {
      const attributes = {
        class: 'grid-cell grid-whole',
        role: 'gridcell',
        tabindex: -1,
        'aria-colindex': 1,
        'aria-colspan': columns.length,
      };
      const whole = element('div', attributes);
      if (renderWhole(whole, row, index)) {
        root.replaceChildren(whole);
        return;
      }
    }
    root.replaceChildren(...columns.map((column, at) => this.#cell(row, column, at, index)));
  }

  #cell(row: Row | null, column: GridColumn, at: number, index: number): HTMLElement {
    const cell = element('div', {
      class: classesOf('grid-cell', column),
      role: 'gridcell',
      'aria-colindex': at + 1,
      tabindex: -1,
      'data-column': at,
      style: column.pinned === true ? { left: `var(--left-${at})` } : {},
    });
    if (row !== null) this.#options.renderCell(cell, row, column, index);
    else cell.append(element('span', { class: 'grid-placeholder' }, element('span', { class: 'visually-hidden' }, 'loading')));
    return cell;
  }
}

/** A row of one piece has one cell for all columns. */
function cellIn(row: HTMLElement, column: number): HTMLElement | undefined {
  return (row.children[column] ?? row.children[0]) as HTMLElement | undefined;
}

function mark(root: HTMLElement, index: number, position: GridPosition, range: GridRange | null): void {
  const single = root.children.length === 1;
  for (const [at, cell] of [...root.children].entries()) {
    const current = index === position.row && (at === position.column || single);
    cell.setAttribute('tabindex', current ? '0' : '-1');
    cell.classList.toggle('active', current);
    const selected = range !== null && isInside(range, { row: index, column: at });
    cell.classList.toggle('selected', selected);
    if (selected) cell.setAttribute('aria-selected', 'true');
    else cell.removeAttribute('aria-selected');
  }
}
