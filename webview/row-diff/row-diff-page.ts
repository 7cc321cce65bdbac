import type { ComparedColumn, ComparedRow, RowComparison } from '../../src/core/model/row-comparison.ts';
import type { RowDiffPanelInit, RowDiffPanelMethods, RowDiffPanelState } from '../../src/protocol/row-diff-panel.ts';
import { announce } from '../shared/announcer.ts';
import { cellText } from '../shared/cell-text.ts';
import { element, fill } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { errorCard } from '../shared/error-card.ts';
import { createGrid, type Grid, type GridColumn } from '../shared/grid/grid.ts';
import { footer } from '../shared/key-hints.ts';
import { SupersededError, toErrorShape } from '../shared/panel-error.ts';
import { count, plural } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { button, progressRing } from '../shared/ui.ts';
import { filterBar } from './filter-bar.ts';
import { foldBounds, itemsOf, noFilters, type Item, type OpenedFolds } from './items.ts';
import { record } from './record.ts';
import { summary } from './summary.ts';
import { fillCell, value } from './value-cells.ts';

type State = Omit<RowDiffPanelState, 'subject'>;

const twoLines = 46;
const oneLine = 24;
/** Rows of a fold that are opened at once. */
const foldPage = 100;

/** The row diff: numbers on top, rows that differ in the middle, the current one in full at the side. */
export class RowDiffPage {
  readonly #context: PageContext<RowDiffPanelMethods, RowDiffPanelInit>;
  #comparison: RowComparison | null = null;
  #comparedAt = new Date();
  #state: State;
  #opened: OpenedFolds = new Map();
  #items: readonly Item[] = [];
  #grid: Grid | null = null;
  readonly #head = element('div', { class: 'diff-head' });
  readonly #middle = element('div', { class: 'diff-middle' });
  readonly #side = element('div', { class: 'diff-side' });
  readonly #foot = footer([['Alt', 'F5'], 'next change'], [['Enter'], 'record, or open a fold'], [['Ctrl', 'C'], 'copy']);

  constructor(context: PageContext<RowDiffPanelMethods, RowDiffPanelInit>) {
    this.#context = context;
    const kept = context.messenger.state<RowDiffPanelState>().get();
    this.#state = { ...noFilters, layout: 'stacked', current: null, ...kept };
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'F5' || !event.altKey) return;
      event.preventDefault();
      this.#step(event.shiftKey ? -1 : 1);
    });
  }

  /** Reads both sides again and shows what came out. */
  async compare(): Promise<void> {
    const { messenger, root } = this.#context;
    fill(
      root,
      element(
        'div',
        { class: 'page-loading' },
        progressRing('Comparing'),
        element('p', { class: 'secondary' }, 'Comparing every cell of both sides…'),
      ),
    );
    try {
      this.#comparison = await messenger.call('compare', {}, { lane: 'compare' });
    } catch (error) {
      if (error instanceof SupersededError) return;
      fill(
        root,
        element(
          'div',
          { class: 'page-failed' },
          errorCard(toErrorShape(error), button('Try Again', { onClick: () => void this.compare() })),
        ),
      );
      return;
    }
    this.#comparedAt = new Date();
    this.#opened = new Map();
    this.#lay();
    announce(this.#headline());
  }

  #lay(): void {
    const comparison = this.#comparison;
    if (comparison === null) return;
    fill(this.#context.root, this.#head, element('div', { class: 'diff-body' }, this.#middle, this.#side), this.#foot.root);
    this.#grid?.dispose();
    this.#grid = createGrid<Item>({
      label: `Rows of ${comparison.table} that differ`,
      columns: this.#columns(comparison),
      rowHeight: (row) => this.#heightOf(row),
      row: (row) => this.#items[row] ?? null,
      renderCell: (cell, item, column) => this.#fillCell(cell, item, column),
      renderWhole: (cell, item) => this.#fillFold(cell, item),
      rowClass: (item) => (item.kind === 'row' ? `diff-row state-${item.row.state} ${this.#state.layout}` : item.kind),
      cellText: (item, column) => this.#copyText(item, column),
      onCopy: (text) => void this.#context.messenger.call('copyText', { text }),
      onMove: ({ row }) => this.#show(row),
      onActivate: ({ row }) => this.#activate(row),
    });
    this.#draw();
  }

  /** Everything that depends on filters, layout or the current row. */
  #draw(): void {
    const comparison = this.#comparison;
    const grid = this.#grid;
    if (comparison === null || grid === null) return;
    this.#items = itemsOf(comparison, this.#state, this.#opened);
    fill(
      this.#head,
      summary(comparison, this.#state.column, this.#comparedAt, {
        chooseColumn: (column) => this.#change({ column }),
        compareAgain: () => void this.compare(),
      }),
      filterBar(comparison, this.#state, (changes) => this.#change(changes)),
      comparison.complete
        ? null
        : element(
            'p',
            { class: 'diff-notice' },
            `Only the first ${plural(comparison.rows.length, 'row')} that differ are listed; the numbers count all of them.`,
          ),
    );
    if (this.#items.length === 0) fill(this.#middle, this.#nothing(comparison));
    else fill(this.#middle, grid.root);
    grid.setRowCount(this.#items.length);
    grid.remeasure();
    grid.refresh();
    const first = this.#items.findIndex((item) => item.kind === 'row');
    const wanted = this.#items.findIndex((item) => item.kind === 'row' && item.at === this.#state.current);
    const at = wanted >= 0 ? wanted : first;
    if (at >= 0) grid.moveTo({ row: at, column: grid.position.column });
    this.#show(at);
    this.#foot.setFacts(
      this.#headline(),
      this.#comparison?.keyed === true ? 'sorted by key' : 'without a key',
      'equal rows folded',
      'read only',
    );
  }

  #change(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
    this.#keep();
    this.#draw();
  }

  #keep(): void {
    this.#context.messenger.state<RowDiffPanelState>().set({ subject: this.#context.init.subject, ...this.#state });
  }

  #columns(comparison: RowComparison): readonly GridColumn[] {
    const state: GridColumn = { id: ' state', name: 'state', width: 84, pinned: true };
    const columns = comparison.columns.map((column): GridColumn => ({
      id: column.name,
      name: column.name,
      type: column.declared === '' || column.key ? column.type : `${column.declared} → ${column.type}`,
      align: isNumber(column.type) ? 'right' : 'left',
      width: column.key ? 110 : isNumber(column.type) ? 130 : 220,
      pinned: column.key,
    }));
    return [state, ...columns.filter(({ pinned }) => pinned), ...columns.filter(({ pinned }) => pinned !== true)];
  }

  #heightOf(row: number): number {
    const item = this.#items[row];
    return item?.kind === 'row' && item.row.state === 'different' && this.#state.layout === 'stacked' ? twoLines : oneLine;
  }

  #fillCell(cell: HTMLElement, item: Item, column: GridColumn): void {
    const comparison = this.#comparison;
    if (comparison === null || item.kind === 'fold') return;
    const at = comparison.columns.findIndex(({ name }) => name === column.id);
    if (item.kind === 'equal') {
      if (at >= 0) cell.append(value(cellText(item.cells[at] ?? null), 'equal-value'));
      return;
    }
    const compared = comparison.columns[at];
    if (compared === undefined) fillState(cell, item.row, this.#state.layout);
    else fillCell(cell, item.row, compared, at);
  }

  #fillFold(cell: HTMLElement, item: Item): boolean {
    if (item.kind !== 'fold') return false;
    cell.append(
      element('span', { class: 'fold-dots', 'aria-hidden': 'true' }, '···'),
      item.count === null ? 'equal rows' : plural(item.count, 'equal row'),
    );
    return true;
  }

  #copyText(item: Item, column: GridColumn): string | null {
    const at = this.#comparison?.columns.findIndex(({ name }) => name === column.id) ?? -1;
    if (item.kind === 'fold') return item.count === null ? '' : plural(item.count, 'equal row');
    if (item.kind === 'equal') return cellText(item.cells[at] ?? null);
    if (at < 0) return item.row.state;
    const difference = item.row.columns.find(({ name }) => name === column.id);
    if (difference === undefined || item.row.state !== 'different') return cellText((item.row.source ?? item.row.target)?.[at] ?? null);
    return `${difference.source ?? 'NULL'} → ${difference.target ?? 'NULL'}`;
  }

  /** The row's record at the side; folds and equal rows leave the last one there. */
  #show(index: number): void {
    const item = this.#items[index];
    const comparison = this.#comparison;
    if (comparison === null || item?.kind !== 'row') {
      if (index < 0) fill(this.#side);
      return;
    }
    this.#state = { ...this.#state, current: item.at };
    this.#keep();
    const of = this.#items.filter(({ kind }) => kind === 'row').length;
    fill(
      this.#side,
      record(
        comparison,
        item.row,
        { at: item.at, of },
        {
          step: (by) => this.#step(by),
          goToSource: (row) => void this.#context.messenger.call('goToSource', { key: row.key }),
          openValues: (row, column, source, target) => this.#openValues(row, column, source, target),
        },
      ),
    );
  }

  #openValues(row: ComparedRow, column: ComparedColumn, source: string, target: string): void {
    void this.#context.messenger.call('openCellDiff', {
      column: column.name,
      source,
      target,
      title: `${row.key.join(', ')} · ${column.name}`,
    });
  }

  #step(by: 1 | -1): void {
    const grid = this.#grid;
    if (grid === null) return;
    for (let row = grid.position.row + by; row >= 0 && row < this.#items.length; row += by) {
      if (this.#items[row]?.kind !== 'row') continue;
      grid.moveTo({ row, column: grid.position.column }, { focus: true });
      return;
    }
    announce(by > 0 ? 'No further change' : 'No change before this one');
  }

  #activate(index: number): void {
    const item = this.#items[index];
    if (item?.kind === 'fold') void this.#open(item.fold);
    else this.#side.querySelector<HTMLElement>('vscode-button, vscode-link')?.focus();
  }

  /** Opens a fold in place, a page of rows at a time. */
  async #open(fold: number): Promise<void> {
    const comparison = this.#comparison;
    if (comparison === null) return;
    const known = this.#opened.get(fold) ?? [];
    const bounds = foldBounds(comparison, fold);
    const key = comparison.columns.findIndex((column) => column.key);
    const after = known.length === 0 ? bounds.after : cellText(known.at(-1)?.[key] ?? null);
    const rows = await this.#context.messenger.call(
      'equalRows',
      { after, before: bounds.before, limit: foldPage },
      { lane: `fold-${fold}` },
    );
    this.#opened = new Map(this.#opened).set(fold, [...known, ...rows]);
    this.#items = itemsOf(comparison, this.#state, this.#opened);
    this.#grid?.setRowCount(this.#items.length);
    this.#grid?.remeasure();
    this.#grid?.refresh();
    announce(`${plural(rows.length, 'equal row')} shown`);
  }

  #headline(): string {
    const counts = this.#comparison?.counts;
    if (counts === undefined) return '';
    const differ = counts.different + counts.missing + counts.extra;
    return differ === 0 ? 'no difference' : plural(differ, 'difference');
  }

  #nothing({ rows, counts }: RowComparison): HTMLElement {
    if (rows.length > 0) {
      return emptyState(
        'filter',
        'No row that differs passes these filters.',
        button('Clear Filters', { onClick: () => this.#change(noFilters) }),
      );
    }
    return emptyState('pass', counts.equal === 0 ? 'Both sides are empty.' : `All ${count(counts.equal)} rows are equal, cell by cell.`);
  }
}

const glyphs = { different: '≠', missing: '−', extra: '+' } as const;

function fillState(cell: HTMLElement, row: ComparedRow, layout: State['layout']): void {
  cell.classList.add('state-cell');
  const sides =
    row.state === 'missing' ? ['source'] : row.state === 'extra' ? ['target'] : layout === 'stacked' ? ['source', 'target'] : [];
  cell.append(
    element('span', { class: `glyph state-${row.state}`, 'aria-hidden': 'true' }, glyphs[row.state]),
    element('span', { class: 'visually-hidden' }, row.state),
    element('span', { class: 'side-names small secondary' }, ...sides.map((side) => element('span', {}, side))),
  );
}

function isNumber(type: string): boolean {
  return /^(smallint|integer|bigint|numeric|real|double)/.test(type);
}
