import type { Cell, ExportFormat, RowsView } from '../../src/core/model/rows.ts';
import type { RowsPanelInit, RowsPanelMethods, RowsPanelState } from '../../src/protocol/rows-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import type { Grid } from '../shared/grid/grid.ts';
import { footer } from '../shared/key-hints.ts';
import { PanelError, SupersededError } from '../shared/panel-error.ts';
import { count, plural } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { button } from '../shared/ui.ts';
import { createRecordPane, type RecordPane } from './record-pane.ts';
import { createRowsGrid, gridColumns } from './rows-grid.ts';
import { RowsModel } from './rows-model.ts';
import { createSplitter } from './splitter.ts';
import { createSqlLine } from './sql-line.ts';
import { createToolbar, type Toolbar } from './toolbar.ts';
import { columnsToRead, fitView, flipSort, toggleSort } from './view-state.ts';

/** Under this width the record lies below the rows, and is closed at first. */
const narrow = 900;

/** Puts the rows panel together: what the user does changes the view, the model loads it, the parts show it. */
export class RowsPage {
  readonly #context: PageContext<RowsPanelMethods, RowsPanelInit>;
  readonly #model: RowsModel;
  readonly #toolbar: Toolbar;
  readonly #sqlLine: ReturnType<typeof createSqlLine>;
  readonly #grid: Grid;
  readonly #record: RecordPane;
  readonly #splitter: HTMLElement;
  readonly #empty = element('div', { class: 'rows-empty', hidden: true });
  readonly #workspace: HTMLElement;
  readonly #footer = footer([['Enter'], 'open cell in editor'], [['Space'], 'record'], [['Ctrl', 'C'], 'copy'], [['Ctrl', 'F'], 'filter']);
  #hidden: ReadonlySet<string>;
  #recordOpen: boolean;
  #selected: number;

  constructor(context: PageContext<RowsPanelMethods, RowsPanelInit>) {
    this.#context = context;
    const { messenger, init, root } = context;
    const kept = messenger.state<Partial<RowsPanelState>>().get();
    this.#hidden = new Set(kept?.hidden?.filter((name) => init.table.columns.some((column) => column.name === name)));
    this.#recordOpen = kept?.recordOpen ?? window.innerWidth >= narrow;
    this.#selected = kept?.selected ?? 0;
    const initial: RowsView = { filter: init.subject.filter ?? null, sort: [], columns: null };
    const view = fitView(kept?.view ?? initial, init.table, this.#hidden);
    this.#model = new RowsModel(messenger, init.table, view, {
      viewChanged: () => this.#viewChanged(),
      rowsChanged: () => this.#rowsChanged(),
      loading: (active) => this.#workspace.classList.toggle('is-loading', active),
      failed: context.report,
    });
    this.#toolbar = this.#makeToolbar();
    this.#sqlLine = createSqlLine({ copy: this.#copy, open: (sql) => void messenger.call('openSql', { sql }) });
    this.#grid = this.#makeGrid();
    this.#record = this.#makeRecord();
    this.#splitter = createSplitter(this.#record.root);
    const rows = element('div', { class: 'rows-area' }, this.#grid.root, this.#empty);
    this.#workspace = element('div', { class: 'rows-workspace' }, rows, this.#splitter, this.#record.root);
    root.append(this.#toolbar.root, this.#sqlLine.root, this.#workspace, this.#footer.root);
    document.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return;
      event.preventDefault();
      this.#toolbar.focusFilter();
    });
  }

  /** A condition that no longer fits the table is taken back, so that the panel is never without rows because of what it remembered. */
  async start(): Promise<void> {
    this.#toolbar.setFilter(this.#model.view.filter);
    this.#showRecord();
    this.#drawToolbar();
    this.#keep();
    if (await this.#change({})) return;
    if (this.#model.last === null && this.#model.view.filter !== null) await this.#model.show({ ...this.#model.view, filter: null });
  }

  #makeToolbar(): Toolbar {
    const { messenger, init } = this.#context;
    const sortOf = (): RowsView['sort'] => this.#model.view.sort;
    return createToolbar({
      filter: (filter) => void this.#change({ filter }),
      leave: () => this.#grid.moveTo(this.#grid.position, { focus: true }),
      flip: (column) => void this.#change({ sort: flipSort(sortOf(), column) }),
      unsort: (column) => void this.#change({ sort: sortOf().filter((entry) => entry.column !== column) }),
      hide: (column, hide) => this.#hide(hide ? [...this.#hidden, column] : [...this.#hidden].filter((name) => name !== column)),
      showAll: () => this.#hide([]),
      refresh: () => void this.#refresh(),
      copy: () => void this.#grid.copy(),
      export: (format) => void this.#export(format),
      toggleRecord: () => this.#toggleRecord(),
      compare: init.canCompare ? () => void messenger.call('openRowDiff', {}) : null,
    });
  }

  #makeGrid(): Grid {
    const { messenger, init } = this.#context;
    return createRowsGrid({
      label: `Rows of ${init.table.label}`,
      model: this.#model,
      wholeCell: async (index, column) => {
        const cells = await messenger.call('row', { view: this.#wholeView(), offset: index });
        return cells[init.table.columns.findIndex(({ name }) => name === column)] ?? null;
      },
      onCopy: this.#copy,
      onSort: (column, add) => void this.#change({ sort: toggleSort(this.#model.view.sort, column.id, add) }),
      onMove: ({ row }) => row !== this.#selected && this.#select(row),
      onActivate: ({ row, column }) => this.#openCell(row, this.#model.columns[column]?.name),
      onKey: (event) => {
        if (event.key !== ' ') return false;
        this.#toggleRecord();
        return true;
      },
    });
  }

  #makeRecord(): RecordPane {
    const { messenger, init } = this.#context;
    const hasNeighbours = init.subject.side === 'target';
    return createRecordPane(init.table, {
      step: (by) => this.#grid.moveTo({ row: Math.max(0, this.#selected + by), column: this.#grid.position.column }),
      copy: this.#copy,
      close: () => this.#toggleRecord(),
      openCell: (column) => this.#openCell(this.#selected, column),
      openReferenced: (column, value) => void messenger.call('openReferenced', { column, value }),
      openNeighbours: hasNeighbours ? (column, key) => void messenger.call('openNeighbours', { column, key }) : null,
    });
  }

  /** True when the new view is shown. Errors of a condition appear at its field. */
  async #change(part: Partial<RowsView>, recount = false): Promise<boolean> {
    const view = { ...this.#model.view, ...part, columns: columnsToRead(this.#context.init.table, this.#hidden) };
    try {
      await this.#model.show(view, recount);
      this.#toolbar.setFilterError(null);
      return true;
    } catch (error) {
      if (error instanceof SupersededError) return true;
      if (!(error instanceof PanelError) || view.filter === null) throw error;
      const { detail, hint } = error.shape.context as { readonly detail?: string; readonly hint?: string };
      const more = [detail, hint].filter((text) => text !== undefined && !error.message.includes(text));
      this.#toolbar.setFilterError([error.message, ...more].join(' '));
      return false;
    }
  }

  async #refresh(): Promise<void> {
    if (await this.#change({}, true)) announce('Refreshed');
  }

  #hide(names: readonly string[]): void {
    this.#hidden = new Set(names);
    void this.#change({});
  }

  #viewChanged(): void {
    this.#grid.setColumns(gridColumns(this.#model));
    this.#sqlLine.setSql(this.#model.last?.sql ?? '');
    this.#grid.scrollToTop();
    this.#rowsChanged();
    this.#select(Math.max(0, Math.min(this.#selected, this.#model.rowCount - 1)));
    // The focus stays on a header that was just used to sort.
    if (this.#grid.position.row >= 0) this.#grid.moveTo({ row: this.#selected, column: this.#grid.position.column });
  }

  #rowsChanged(): void {
    this.#grid.setRowCount(this.#model.rowCount);
    this.#grid.refresh();
    this.#drawToolbar();
    this.#drawEmpty();
    const seconds = this.#model.last?.seconds;
    const speed = seconds === undefined ? [] : [`first rows in ${count(seconds * 1000)} ms`];
    this.#footer.setFacts(this.#context.init.table.label, ...speed, 'read only');
    this.#keep();
  }

  #drawToolbar(): void {
    const { sort } = this.#model.view;
    const { columns } = this.#context.init.table;
    this.#toolbar.draw({ sort, columns, hidden: this.#hidden, count: countText(this.#model), recordOpen: this.#recordOpen });
  }

  #drawEmpty(): void {
    this.#empty.hidden = this.#model.rowCount > 0 || this.#model.last === null;
    if (this.#empty.hidden) return;
    const clear = button('Clear Filter', {
      onClick: () => {
        this.#toolbar.setFilter(null);
        void this.#change({ filter: null });
      },
    });
    const isFiltered = this.#model.view.filter !== null;
    this.#empty.replaceChildren(
      isFiltered ? emptyState('filter', 'No row matches the filter.', clear) : emptyState('table', 'No rows yet.'),
    );
  }

  #select(row: number): void {
    this.#selected = row;
    this.#keep();
    void this.#loadRecord();
  }

  async #loadRecord(): Promise<void> {
    if (!this.#recordOpen || this.#model.rowCount === 0 || this.#model.last === null) return;
    const index = this.#selected;
    this.#record.draw(index, this.#model.rowCount, null);
    try {
      const params = { view: this.#wholeView(), offset: index };
      const cells: readonly Cell[] = await this.#context.messenger.call('row', params, { lane: 'record' });
      this.#record.draw(index, this.#model.rowCount, cells);
    } catch (error) {
      this.#context.report(error);
    }
  }

  #toggleRecord(): void {
    const hadFocus = this.#record.root.contains(document.activeElement);
    this.#recordOpen = !this.#recordOpen;
    this.#showRecord();
    this.#drawToolbar();
    this.#keep();
    void this.#loadRecord();
    if (hadFocus) this.#grid.moveTo(this.#grid.position, { focus: true });
  }

  #showRecord(): void {
    this.#record.root.hidden = !this.#recordOpen;
    this.#splitter.hidden = !this.#recordOpen;
  }

  #openCell(row: number, column: string | undefined): void {
    if (column === undefined || this.#model.rowCount === 0) return;
    void this.#context.messenger.call('openCell', { view: this.#wholeView(), offset: row, column });
  }

  async #export(format: ExportFormat): Promise<void> {
    const written = await this.#context.messenger.call('exportRows', { view: this.#model.view, format });
    if (written !== null) announce(`${plural(written.rows, 'row')} exported`);
  }

  readonly #copy = (text: string): void => void this.#context.messenger.call('copyText', { text });

  /** The record and the editor also show columns that are hidden in the grid. */
  #wholeView(): RowsView {
    return { ...this.#model.view, columns: null };
  }

  #keep(): void {
    const state: RowsPanelState = {
      subject: this.#context.init.subject,
      view: this.#model.view,
      hidden: [...this.#hidden],
      selected: this.#selected,
      recordOpen: this.#recordOpen,
    };
    this.#context.messenger.state<RowsPanelState>().set(state);
  }
}

/** "48,211 rows", "1,284 of 48,211 rows"; `~` marks an estimate, … what is still counted. */
function countText({ view, matching, total }: RowsModel): string {
  const all = total === null ? null : `${total.exact ? '' : '~'}${plural(total.rows, 'row')}`;
  if (view.filter === null) return all ?? '';
  if (all === null) return matching === null ? '… rows' : plural(matching, 'row');
  return `${matching === null ? '…' : count(matching)} of ${all}`;
}
