import type { Cell, RowsColumn, RowsTable, RowsView } from '../../src/core/model/rows.ts';
import type { RowsPanelMethods } from '../../src/protocol/rows-panel.ts';
import { createPages, type Pages } from '../shared/grid/grid.ts';
import type { Messenger } from '../shared/messenger.ts';
import { SupersededError } from '../shared/panel-error.ts';

/** Rows of a message. Small, because the first of them are waited for. */
const pageSize = 200;

export interface RowsListener {
  /** The first rows of another view are here. */
  readonly viewChanged: () => void;
  /** Rows arrived, or their number became known. */
  readonly rowsChanged: () => void;
  readonly loading: (active: boolean) => void;
  /** Rows of the current view could not be loaded. */
  readonly failed: (error: unknown) => void;
}

/** What is shown: the view, its rows as far as they are loaded, how many there are. */
export class RowsModel {
  readonly pages: Pages<readonly Cell[]>;
  readonly #messenger: Messenger<RowsPanelMethods>;
  readonly #table: RowsTable;
  readonly #listener: RowsListener;
  #view: RowsView;
  #columns: readonly RowsColumn[] = [];
  #rowCount = 0;
  #matching: number | null = null;
  #total: { readonly rows: number; readonly exact: boolean } | null;
  #last: { readonly sql: string; readonly seconds: number } | null = null;

  constructor(messenger: Messenger<RowsPanelMethods>, table: RowsTable, view: RowsView, listener: RowsListener) {
    this.#messenger = messenger;
    this.#table = table;
    this.#view = view;
    this.#listener = listener;
    this.#total = table.estimatedRows === null ? null : { rows: table.estimatedRows, exact: false };
    this.pages = createPages<readonly Cell[]>({
      pageSize,
      load: async (offset, limit, signal) => {
        const page = await messenger.call('page', { view: this.#view, offset, limit }, { signal });
        this.#grow(offset, page.rows.length, limit);
        return page.rows;
      },
      onChange: listener.rowsChanged,
      onError: listener.failed,
    });
  }

  get view(): RowsView {
    return this.#view;
  }

  /** Columns of the loaded rows, in their order. */
  get columns(): readonly RowsColumn[] {
    return this.#columns;
  }

  /** Rows that can be scrolled to. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Rows of the view, null while they are counted. */
  get matching(): number | null {
    return this.#matching;
  }

  /** Rows of the table; an estimate until they are counted. */
  get total(): { readonly rows: number; readonly exact: boolean } | null {
    return this.#total;
  }

  /** SQL that ran, and seconds until the first rows; null before the first view. */
  get last(): { readonly sql: string; readonly seconds: number } | null {
    return this.#last;
  }

  /**
   * Shows another view once its first rows are here; until then, and when it fails, the old one stays. Rejects with the host's error.
   * Rows are counted again when the condition is another one, or on request.
   */
  async show(view: RowsView, recount = false): Promise<void> {
    this.#listener.loading(true);
    try {
      const page = await this.#messenger.call('page', { view, offset: 0, limit: pageSize }, { lane: 'view' });
      const isOther = recount || this.#last === null || view.filter !== this.#view.filter;
      this.#view = view;
      this.#last = { sql: page.sql, seconds: page.seconds };
      this.#columns = page.columns.flatMap((name) => this.#table.columns.find((column) => column.name === name) ?? []);
      this.pages.clear(page.rows);
      if (isOther) this.#startCount(page.rows.length);
      this.#listener.viewChanged();
      this.#listener.loading(false);
    } catch (error) {
      if (!(error instanceof SupersededError)) this.#listener.loading(false);
      throw error;
    }
  }

  #startCount(firstRows: number): void {
    const { filter } = this.#view;
    this.#matching = null;
    this.#rowCount = filter === null ? (this.#total?.rows ?? 0) : 0;
    this.#grow(0, firstRows, pageSize);
    void this.#count(filter);
  }

  /** Before rows are counted, pages tell how far the table reaches at least, and where it ends. */
  #grow(offset: number, rows: number, limit: number): void {
    if (rows < limit && (rows > 0 || offset === 0)) this.#rowCount = offset + rows;
    else if (offset + rows >= this.#rowCount && this.#matching === null) this.#rowCount = offset + rows + pageSize;
  }

  /** Counting may take too long for the server; the rows, and the estimate, are shown all the same. */
  async #count(filter: string | null): Promise<void> {
    if (filter !== null && this.#total?.exact !== true) void this.#countTable();
    const rows = await this.#messenger.call('count', { filter }, { lane: 'count' }).catch(() => null);
    if (rows === null) return;
    this.#matching = rows;
    this.#rowCount = rows;
    if (filter === null) this.#total = { rows, exact: true };
    this.#listener.rowsChanged();
  }

  async #countTable(): Promise<void> {
    const rows = await this.#messenger.call('count', { filter: null }, { lane: 'count-table' }).catch(() => null);
    if (rows === null) return;
    this.#total = { rows, exact: true };
    this.#listener.rowsChanged();
  }
}
