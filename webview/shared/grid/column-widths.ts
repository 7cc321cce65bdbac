import type { GridColumn } from './grid-types.ts';

/** Widths of a grid's columns; those that the user set are kept by the column's id. The style sheet reads them from custom properties of the root. */
export class ColumnWidths {
  readonly #root: HTMLElement;
  readonly #set = new Map<string, number>();

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  of(column: GridColumn): number {
    return this.#set.get(column.id) ?? column.width;
  }

  set(column: GridColumn, width: number): void {
    this.#set.set(column.id, width);
  }

  apply(columns: readonly GridColumn[]): void {
    const { style } = this.#root;
    style.setProperty('--grid-columns', columns.map((column) => `${this.of(column)}px`).join(' '));
    style.setProperty('--grid-width', `${this.#sum(columns)}px`);
    columns.forEach((_, index) => style.setProperty(`--left-${index}`, `${this.#sum(columns.slice(0, index))}px`));
  }

  /** Pinned columns lie over the others, so the browser's own scrolling would leave a cell under them. */
  reveal(columns: readonly GridColumn[], index: number, scroller: HTMLElement): void {
    const column = columns[index];
    if (column === undefined || column.pinned === true) return;
    const pinned = this.#sum(columns.filter((each) => each.pinned === true));
    const left = this.#sum(columns.slice(0, index));
    const right = left + this.of(column);
    if (left - pinned < scroller.scrollLeft) scroller.scrollLeft = left - pinned;
    else if (right > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = right - scroller.clientWidth;
  }

  #sum(columns: readonly GridColumn[]): number {
    return columns.reduce((sum, column) => sum + this.of(column), 0);
  }
}
