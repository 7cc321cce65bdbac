import { announce } from '../announcer.ts';
import { element } from '../dom.ts';
import { ColumnWidths } from './column-widths.ts';
import { copyRange } from './copy-range.ts';
import { GridHeader } from './grid-header.ts';
import { movedBy, rangeBetween, within, type GridSize } from './grid-keys.ts';
import { GridRows } from './grid-rows.ts';
import type { Grid, GridColumn, GridOptions, GridPosition, GridRange } from './grid-types.ts';
import { GridViewport } from './grid-viewport.ts';

export type { Grid, GridColumn, GridOptions } from './grid-types.ts';
export { createPages, type Pages } from './page-cache.ts';

const headerHeight = 44;
const defaultRowHeight = 24;

/** Makes a grid; see grid-types.ts for how it is used. It fills its parent, which needs a height. */
export function createGrid<Row>(options: GridOptions<Row>): Grid {
  return new GridView(options);
}

class GridView<Row> implements Grid {
  readonly root: HTMLElement;
  readonly #options: GridOptions<Row>;
  readonly #scroller: HTMLElement;
  readonly #body: HTMLElement;
  readonly #header: GridHeader;
  readonly #rows: GridRows<Row>;
  readonly #viewport: GridViewport;
  readonly #widths: ColumnWidths;
  #columns: readonly GridColumn[] = [];
  #rowCount = 0;
  #position: GridPosition = { row: 0, column: 0 };
  /** The other corner of the selection. */
  #anchor: GridPosition = this.#position;
  /** Rows that were told last to be visible. */
  #told = '';

  constructor(options: GridOptions<Row>) {
    this.#options = options;
    this.#header = new GridHeader({
      onSort: (index, add) => this.#sort(index, add),
      onWidth: (index, width) => this.#resize(index, width),
      widthOf: (column) => this.#widths.of(column),
    });
    this.#body = element('div', { class: 'grid-body', role: 'rowgroup' });
    const head = element('div', { class: 'grid-head', role: 'rowgroup' }, this.#header.root);
    this.#scroller = element('div', { class: 'grid-scroller' }, head, this.#body);
    const attributes = { class: 'grid', role: 'grid', 'aria-label': options.label, 'aria-multiselectable': 'true' };
    this.root = element('div', attributes, this.#scroller);
    this.#widths = new ColumnWidths(this.root);
    this.#rows = new GridRows(this.#body, options);
    this.#viewport = new GridViewport({
      scroller: this.#scroller,
      body: this.#body,
      headerHeight,
      rowHeight: options.rowHeight ?? (() => defaultRowHeight),
      keptRow: () => (this.#body.contains(document.activeElement) ? this.#position.row : -1),
      onChange: () => this.#draw(),
    });
    this.#listen();
    this.setColumns(options.columns);
  }

  get position(): GridPosition {
    return this.#position;
  }

  get selection(): GridRange {
    const inHeader = this.#anchor.row < 0 || this.#position.row < 0;
    return rangeBetween(this.#position, inHeader ? this.#position : this.#anchor);
  }

  setRowCount(count: number): void {
    this.#rowCount = count;
    this.root.setAttribute('aria-rowcount', String(count + 1));
    const { row, column } = this.#position;
    if (count > 0 && row >= count) this.#place({ row: count - 1, column });
    else if (count > 0 && row < 0 && !this.#header.root.contains(document.activeElement)) this.#place({ row: 0, column });
    this.#told = '';
    this.#viewport.setRowCount(count);
  }

  setColumns(columns: readonly GridColumn[]): void {
    const current = this.#columns[this.#position.column]?.id;
    const focused = this.#header.root.contains(document.activeElement);
    this.#columns = columns;
    const column = columns.findIndex(({ id }) => id === current);
    this.#place(
      within({ row: this.#position.row, column: Math.max(0, column) }, { rows: this.#rowCount, columns: columns.length, page: 1 }),
    );
    this.root.setAttribute('aria-colcount', String(columns.length));
    this.#widths.apply(columns);
    this.#header.draw(columns);
    this.#rows.invalidate();
    this.#draw();
    if (focused) this.#header.cell(this.#position.column)?.focus({ preventScroll: true });
  }

  refresh(): void {
    this.#rows.invalidate();
    this.#told = '';
    this.#draw();
  }

  remeasure(): void {
    this.#viewport.remeasure();
  }

  moveTo(to: GridPosition, { focus = false, extend = false }: { readonly focus?: boolean; readonly extend?: boolean } = {}): void {
    const before = this.#position;
    this.#position = within(to, this.#size());
    if (!extend) this.#anchor = this.#position;
    const { row, column } = this.#position;
    if (row >= 0) this.#viewport.reveal(row);
    else this.#draw();
    this.#widths.reveal(this.#columns, column, this.#scroller);
    const cell = row < 0 ? this.#header.cell(column) : this.#rows.cell(this.#position);
    if (focus) cell?.focus({ preventScroll: true });
    if (row >= 0 && (before.row !== row || before.column !== column)) this.#options.onMove?.(this.#position);
  }

  async copy(): Promise<void> {
    const copied = await copyRange(this.#options, this.#columns, this.selection);
    if (copied === null) return;
    this.#options.onCopy?.(copied.text, copied.cells);
    announce(copied.note);
  }

  scrollToTop(): void {
    this.#viewport.scrollTo(0);
  }

  dispose(): void {
    this.#viewport.dispose();
  }

  #place(position: GridPosition): void {
    this.#position = position;
    this.#anchor = position;
  }

  #size(): GridSize {
    const { first, end } = this.#viewport.visible();
    return { rows: this.#rowCount, columns: this.#columns.length, page: Math.max(1, end - first - 1) };
  }

  #draw(): void {
    this.#rows.draw({ items: this.#viewport.items(), columns: this.#columns, position: this.#position, selection: this.selection });
    // The grid stays reachable when there is no row.
    this.#header.setTabStop(this.#position.row < 0 || this.#rowCount === 0 ? this.#position.column : null);
    const { first, end } = this.#viewport.visible();
    if (end <= first || this.#told === `${first} ${end}`) return;
    this.#told = `${first} ${end}`;
    this.#options.onVisible?.(first, end);
  }

  #sort(index: number, add: boolean): void {
    const column = this.#columns[index];
    if (column?.sort === undefined) return;
    this.moveTo({ row: -1, column: index }, { focus: true });
    this.#options.onSort?.(column, add);
  }

  #resize(index: number, width: number): void {
    const column = this.#columns[index];
    if (column === undefined) return;
    this.#widths.set(column, width);
    this.#widths.apply(this.#columns);
    this.#options.onResize?.(column, width);
  }

  #listen(): void {
    this.root.addEventListener('keydown', (event) => {
      if (!this.#onKey(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    // The editor's menu and its own key binding copy through this event.
    this.root.addEventListener('copy', (event) => {
      if (this.#options.onCopy === undefined) return;
      event.preventDefault();
      void this.copy();
    });
    this.#body.addEventListener('mousedown', (event) => {
      const at = cellOf(event);
      if (at === null || event.button !== 0 || isControl(event)) return;
      event.preventDefault();
      this.moveTo(at, { focus: true, extend: event.shiftKey });
    });
    this.#body.addEventListener('mousemove', (event) => {
      const at = event.buttons === 1 && !isControl(event) ? cellOf(event) : null;
      if (at === null || (at.row === this.#position.row && at.column === this.#position.column)) return;
      this.moveTo(at, { focus: true, extend: true });
    });
    this.#body.addEventListener('dblclick', (event) => {
      const at = cellOf(event);
      if (at !== null && !isControl(event)) this.#options.onActivate?.(at);
    });
  }

  /** True when the key was used. */
  #onKey(event: KeyboardEvent): boolean {
    const command = event.ctrlKey || event.metaKey;
    const { row, column } = this.#position;
    if (row < 0 && this.#header.onKey(event, column)) return true;
    const moved = event.altKey ? null : movedBy(event, this.#position, this.#size());
    if (moved !== null) {
      this.moveTo(moved, { focus: true, extend: event.shiftKey && row >= 0 && moved.row >= 0 });
      return true;
    }
    if (command && !event.altKey && event.key.toLowerCase() === 'c' && this.#options.onCopy !== undefined) {
      void this.copy();
      return true;
    }
    if (event.key === 'Enter' && !command && row >= 0 && this.#options.onActivate !== undefined) {
      this.#options.onActivate(this.#position);
      return true;
    }
    return this.#options.onKey?.(event, this.#position) ?? false;
  }
}

function cellOf(event: Event): GridPosition | null {
  const cell = (event.target as Element | null)?.closest<HTMLElement>('.grid-cell');
  const row = cell?.closest<HTMLElement>('[data-row]')?.dataset['row'];
  return row === undefined ? null : { row: Number(row), column: Number(cell?.dataset['column'] ?? 0) };
}

/** A button or link inside a cell keeps its own click. */
function isControl(event: Event): boolean {
  return (event.target as Element | null)?.closest('button, a, vscode-button, vscode-link, vscode-checkbox, input') !== null;
}
