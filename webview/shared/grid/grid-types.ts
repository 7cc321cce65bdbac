/**
 * What the grid is given and what it gives. In short:
 *
 *   const pages = createPages<readonly Cell[]>({ load: (offset, limit, signal) => …, onChange: () => grid.refresh(), onError });
 *   const grid = createGrid<readonly Cell[]>({ label, columns, row: pages.row, onVisible: pages.want, renderCell, cellText, onCopy, … });
 *   root.append(grid.root); grid.setRowCount(48_211);
 *
 * Rows are addressed by their index from 0, columns by theirs in `columns`. Only what is visible is in the document, so the number of rows is free
 * (beyond Chromium's largest element, the scroll bar is scaled). The grid is one tab stop: arrows, Home, End, Page Up and Page Down (with Ctrl: to the
 * ends of the table) move inside, Shift extends the selection, Ctrl+C copies, Enter activates; in the header, Enter sorts (Shift+Enter adds) and
 * Shift+Left and Shift+Right change the column's width. The style sheet is shared/grid/grid.css.
 */
export interface GridColumn {
  readonly id: string;
  /** First line of the header. */
  readonly name: string;
  /** Second line of the header, in the editor's font. */
  readonly type?: string;
  readonly align?: 'left' | 'right';
  /** Pixels. */
  readonly width: number;
  /** Stays on the left while the others scroll. Pinned columns come first. */
  readonly pinned?: boolean;
  /** Left out: the column cannot be sorted. */
  readonly sort?: 'ascending' | 'descending' | 'none';
  /** Codicons behind the name, with what they mean: `{ icon: 'filter', label: 'filtered' }`. */
  readonly marks?: readonly { readonly icon: string; readonly label: string }[];
}

/** A cell. Row -1 is the header. */
export interface GridPosition {
  readonly row: number;
  readonly column: number;
}

/** Cells from the first row and column up to and including the last. */
export interface GridRange {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

export interface GridOptions<Row> {
  /** Names the grid for screen readers. */
  readonly label: string;
  readonly columns: readonly GridColumn[];
  /** Pixels, 24 unless told. Two different heights at most; call `remeasure` when they changed. */
  readonly rowHeight?: (row: number) => number;
  /** What is known of a row now; null = still loading (a placeholder is shown). Asked at every drawing, so it has to be quick. */
  readonly row: (row: number) => Row | null;
  /** Rows that are visible now, from `first` up to but without `end`: the moment to load them. Called after each change of the scroll position. */
  readonly onVisible?: (first: number, end: number) => void;
  /** Fills an empty cell. */
  readonly renderCell: (cell: HTMLElement, row: Row, column: GridColumn, index: number) => void;
  /** Class names of a row, for its state. */
  readonly rowClass?: (row: Row, index: number) => string;
  /** A row that is one piece (a fold, a headline): fills the one cell over the whole width, or returns false for an ordinary row. */
  readonly renderWhole?: (cell: HTMLElement, row: Row, index: number) => boolean;
  /** What copying a cell gives; null is copied as an empty text. May be loaded: `cells` says how many are copied at once. */
  readonly cellText: (row: Row, column: GridColumn, index: number, cells: number) => string | null | Promise<string | null>;
  /** Loads rows of a selection that are not at hand, for copying; without it they are left out. */
  readonly loadRows?: (first: number, end: number) => Promise<readonly Row[]>;
  /** Text to put on the clipboard: a cell, or tabs and line ends for a range. */
  readonly onCopy?: (text: string, cells: number) => void;
  /** A header was clicked or Enter pressed on it; `add` = with Shift, keep the other sort columns. */
  readonly onSort?: (column: GridColumn, add: boolean) => void;
  /** The focus, or the current cell, moved to a cell of a row. */
  readonly onMove?: (position: GridPosition) => void;
  /** Enter or a double click on a cell. */
  readonly onActivate?: (position: GridPosition) => void;
  /** A key that the grid itself does not use. Returns true when it was used. */
  readonly onKey?: (event: KeyboardEvent, position: GridPosition) => boolean;
  /** The user changed a width. */
  readonly onResize?: (column: GridColumn, width: number) => void;
}

export interface Grid {
  readonly root: HTMLElement;
  /** Current cell; where Tab goes to. */
  readonly position: GridPosition;
  readonly selection: GridRange;
  setRowCount(count: number): void;
  /** New columns; widths that the user set are kept by id. */
  setColumns(columns: readonly GridColumn[]): void;
  /** Draws the visible rows again: rows arrived or changed. */
  refresh(): void;
  /** Heights of rows changed. */
  remeasure(): void;
  /** Makes a cell the current one and scrolls to it; with `focus` the keyboard goes there as well. */
  moveTo(position: GridPosition, options?: { readonly focus?: boolean; readonly extend?: boolean }): void;
  /** Copies the selection, as Ctrl+C does. */
  copy(): Promise<void>;
  scrollToTop(): void;
  dispose(): void;
}
