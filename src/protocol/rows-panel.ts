import type { Cell, ExportFormat, RowsPage, RowsTable, RowsView } from '../core/model/rows.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { RowsPanelSubject } from './panel-subjects.ts';

export interface RowsPanelInit {
  readonly subject: RowsPanelSubject;
  readonly table: RowsTable;
  /** A target with the row diff and neighbours on it. */
  readonly canCompare: boolean;
}

/** Requests of the rows panel. Pages hold at most 2,000 rows. */
export interface RowsPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: RowsPanelInit };
  page: { params: { readonly view: RowsView; readonly offset: number; readonly limit: number }; result: RowsPage };
  count: { params: { readonly filter: string | null }; result: number };
  row: { params: { readonly view: RowsView; readonly offset: number }; result: readonly Cell[] };
  /** Opens the whole value in an editor tab; the type chooses the language. */
  openCell: { params: { readonly view: RowsView; readonly offset: number; readonly column: string }; result: null };
  /** Opens the SQL in an editor tab. */
  openSql: { params: { readonly sql: string }; result: null };
  /** Asks where to and writes all rows of the view; null when the user did not choose a file. */
  exportRows: { params: { readonly view: RowsView; readonly format: ExportFormat }; result: { readonly rows: number } | null };
  openNeighbours: { params: { readonly column: string; readonly key: readonly string[] }; result: null };
  openReferenced: { params: { readonly column: string; readonly value: string }; result: null };
  openRowDiff: { params: Record<string, never>; result: null };
}

/** Kept by the page with setState. */
export interface RowsPanelState {
  readonly subject: RowsPanelSubject;
  readonly view: RowsView;
  readonly hidden: readonly string[];
  readonly selected: number | null;
  readonly recordOpen: boolean;
}
