import { cellText } from '../../src/core/model/cell-text.ts';
import type { ComparedColumn, ComparedRow, RowComparison } from '../../src/core/model/row-comparison.ts';
import type { RowDiffPanelInit, RowDiffPanelMethods, RowDiffPanelState } from '../../src/protocol/row-diff-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill } from '../shared/dom.ts';
import { emptyState } from '../shared/empty-state.ts';
import { errorCard } from '../shared/error-card.ts';
import { createGrid, type Grid, type GridColumn } from '../shared/grid/grid.ts';
import { footer } from '../shared/key-hints.ts';
import { SupersededError, toErrorShape } from '../shared/panel-error.ts';
import { count, plural } from '../shared/quantities.ts';
import type { PageContext } from '../shared/start-page.ts';
import { button, progressRing } from '../shared/ui.ts';
import { diffColumns } from './diff-columns.ts';
import { filterBar, type FilterBar } from './filter-bar.ts';
import { foldBounds, itemsOf, noFilters, type Item, type OpenedFolds } from './items.ts';
import { overviewRuler } from './overview-ruler.ts';
import { record } from './record.ts';
import { summary, type Summary } from './summary.ts';
import { copiedText, fillCell, fillState, value } from './value-cells.ts';

type State = Omit<RowDiffPanelState, 'subject'>;

/** What is on the page for one comparison. */
interface Shown {
  readonly comparison: RowComparison;
  readonly summary: Summary;
  readonly bar: FilterBar;
  readonly grid: Grid;
}

const twoLines = 46;
const oneLine = 24;
/** Rows of a fold that are opened at once. */
const foldPage = 100;

/** The row diff: numbers on top, rows that differ in the middle, the current one in full at the side. */
export class RowDiffPage {
  readonly #context: PageContext<RowDiffPanelMethods, RowDiffPanelInit>;
  #shown: Shown | null = null;
  #state: State;
  /** The row in the record. */
  #current: ComparedRow | null = null;
  #opened: OpenedFolds = new Map();
  #items: readonly Item[] = [];
  readonly #ruler = overviewRuler((index) => this.#moveTo(index, true));
  readonly #empty = element('div', { class: 'diff-empty', hidden: true });
  readonly #side = element('div', { class: 'diff-side' });
  readonly #foot = footer(
    [['Alt', 'F5'], 'next change'],
    [['Enter'], 'record, or open a fold'],
    [['Esc'], 'back to the rows'],
    [['Ctrl', 'F'], 'find'],
    [['Ctrl', 'C'], 'copy'],
  );

  constructor(context: PageContext<RowDiffPanelMethods, RowDiffPanelInit>) {
    this.#context = context;
    const kept = context.messenger.state<RowDiffPanelState>().get();
    this.#state = { ...noFilters, layout: 'stacked', current: null, ...kept };
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** Reads both sides again and shows what came out. */
  async compare(): Promise<void> {
    const { messenger, root } = this.#context;
    const words = element('p', { class: 'secondary' }, 'Comparing every cell of both sides…');
    fill(root, element('div', { class: 'page-loading' }, progressRing('Comparing'), words));
    try {
      const comparison = await messenger.call('compare', {}, { lane: 'compare' });
      this.#lay(comparison);
    } catch (error) {
      if (error instanceof SupersededError) return;
      const again = button('Try Again', { onClick: () => void this.compare() });
      fill(root, element('div', { class: 'page-failed' }, errorCard(toErrorShape(error), again)));
      return;
    }
    announce(this.#headline());
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'F5' && event.altKey) this.#step(event.shiftKey ? -1 : 1);
    else if (event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey) this.#shown?.bar.focusFind();
    else if (event.key === 'Escape' && this.#side.contains(document.activeElement)) this.#toGrid();
    else return;
    event.preventDefault();
  }

  #lay(comparison: RowComparison): void {
    this.#shown?.grid.dispose();
    this.#opened = new Map();
    this.#current = null;
    this.#state = fitState(this.#state, comparison);
    const shown: Shown = {
      comparison,
      summary: summary(comparison, new Date(), {
        chooseColumn: (column) => this.#change({ column }),
        compareAgain: () => void this.compare(),
      }),
      bar: filterBar(comparison, {
        state: () => this.#state,
        change: (changes) => this.#change(changes),
        leave: () => this.#toGrid(),
      }),
      grid: this.#makeGrid(comparison),
    };
    this.#shown = shown;
    fill(
      this.#context.root,
      element('div', { class: 'diff-head' }, shown.summary.root, shown.bar.root, notice(comparison)),
      element(
        'div',
        { class: 'diff-body' },
        element('div', { class: 'diff-middle' }, shown.grid.root, this.#ruler.root, this.#empty),
        this.#side,
      ),
      this.#foot.root,
    );
    const sorted = comparison.keyed ? 'sorted by key' : 'without a key';
    this.#foot.setFacts(this.#headline(), sorted, ...(comparison.folds === null ? [] : ['equal rows folded']), 'read only');
    this.#draw();
  }

  #makeGrid(comparison: RowComparison): Grid {
    return createGrid<Item>({
      label: `Rows of ${comparison.table} that differ`,
      columns: diffColumns(comparison, this.#state.layout),
      rowHeight: (row) => this.#heightOf(row),
      row: (row) => this.#items[row] ?? null,
      renderCell: (cell, item, column) => this.#fillCell(cell, item, column, comparison),
      renderWhole: (cell, item) => fillFold(cell, item),
      rowClass: (item) => (item.kind === 'row' ? `diff-row state-${item.row.state} ${this.#state.layout}` : item.kind),
      cellText: (item, column) => textOf(item, column, comparison),
      onCopy: (text) => void this.#context.messenger.call('copyText', { text }),
      onMove: ({ row }) => this.#show(row),
      onActivate: ({ row }) => this.#activate(row),
    });
  }

  /** Everything that depends on filters or layout. */
  #draw(): void {
    if (this.#shown === null) return;
    const { comparison, grid, summary: numbers, bar } = this.#shown;
    this.#items = itemsOf(comparison, this.#state, this.#opened);
    numbers.choose(this.#state.column);
    bar.draw(this.#state);
    const isEmpty = this.#items.length === 0;
    this.#empty.hidden = !isEmpty;
    grid.root.hidden = isEmpty;
    this.#ruler.root.hidden = isEmpty;
    if (isEmpty) fill(this.#empty, this.#nothing(comparison));
    grid.setColumns(diffColumns(comparison, this.#state.layout));
    this.#drawRows();
    const at = this.#currentIndex();
    if (at >= 0) grid.moveTo({ row: at, column: grid.position.column });
    this.#show(at);
  }

  #drawRows(): void {
    const grid = this.#shown?.grid;
    grid?.setRowCount(this.#items.length);
    grid?.remeasure();
    grid?.refresh();
    this.#ruler.draw(this.#items, (index) => this.#heightOf(index));
  }

  /** The row that was current, also after other filters; else the one that was current before a reload; else the first. -1 = none. */
  #currentIndex(): number {
    const find = (is: (row: ComparedRow, at: number) => boolean): number =>
      this.#items.findIndex((item) => item.kind === 'row' && is(item.row, item.at));
    const same = this.#current === null ? find((_, at) => at === this.#state.current) : find((row) => row === this.#current);
    return same >= 0 ? same : find(() => true);
  }

  #change(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
    this.#keep();
    this.#draw();
  }

  #keep(): void {
    this.#context.messenger.state<RowDiffPanelState>().set({ subject: this.#context.init.subject, ...this.#state });
  }

  #heightOf(row: number): number {
    const item = this.#items[row];
    return item?.kind === 'row' && item.row.state === 'different' && this.#state.layout === 'stacked' ? twoLines : oneLine;
  }

  #fillCell(cell: HTMLElement, item: Item, column: GridColumn, { columns }: RowComparison): void {
    const at = columns.findIndex(({ name }) => name === column.id);
    const compared = columns[at];
    if (item.kind === 'row') {
      if (compared === undefined) fillState(cell, item.row, this.#state.layout === 'stacked');
      else fillCell(cell, item.row, compared, at);
    } else if (item.kind === 'equal' && compared !== undefined) {
      cell.append(value(cellText(item.cells[at] ?? null), 'line', 'equal-value'));
    }
  }

  /** The row's record at the side; folds and equal rows leave the last one there. A control in it that has the focus keeps it. */
  #show(index: number): void {
    const item = this.#items[index];
    if (this.#shown === null || item?.kind !== 'row') {
      if (index < 0) fill(this.#side);
      return;
    }
    this.#current = item.row;
    this.#state = { ...this.#state, current: item.at };
    this.#keep();
    const of = this.#items.filter(({ kind }) => kind === 'row').length;
    const focused = this.#side.contains(document.activeElement) ? document.activeElement?.getAttribute('aria-label') : null;
    fill(
      this.#side,
      record(
        this.#shown.comparison,
        item.row,
        { at: item.at, of },
        {
          step: (by) => this.#step(by),
          goToSource: (row) => void this.#context.messenger.call('goToSource', { key: row.key }),
          openValues: (row, column, source, target) => this.#openValues(row, column, source, target),
        },
      ),
    );
    this.#side.scrollTop = 0;
    if (focused !== null) (this.#side.querySelector<HTMLElement>(`[aria-label="${CSS.escape(focused ?? '')}"]`) ?? this.#record())?.focus();
  }

  #openValues(row: ComparedRow, column: ComparedColumn, source: string, target: string): void {
    const title = `${row.key.join(', ')} · ${column.name}`;
    void this.#context.messenger.call('openCellDiff', { column: column.name, source, target, title });
  }

  #step(by: 1 | -1): void {
    const grid = this.#shown?.grid;
    if (grid === undefined) return;
    for (let row = grid.position.row + by; row >= 0 && row < this.#items.length; row += by) {
      if (this.#items[row]?.kind !== 'row') continue;
      this.#moveTo(row, !this.#side.contains(document.activeElement));
      return;
    }
    announce(by > 0 ? 'No further change' : 'No change before this one');
  }

  #moveTo(row: number, focus: boolean): void {
    const grid = this.#shown?.grid;
    grid?.moveTo({ row, column: grid.position.column }, { focus });
  }

  #toGrid(): void {
    const grid = this.#shown?.grid;
    grid?.moveTo(grid.position, { focus: true });
  }

  #activate(index: number): void {
    const item = this.#items[index];
    if (item?.kind === 'fold') void this.#open(item.fold);
    else this.#record()?.focus();
  }

  #record(): HTMLElement | null {
    return this.#side.querySelector<HTMLElement>('.record');
  }

  /** Opens a fold in place, a page of rows at a time. */
  async #open(fold: number): Promise<void> {
    if (this.#shown === null) return;
    const { comparison } = this.#shown;
    const known = this.#opened.get(fold) ?? [];
    const bounds = foldBounds(comparison, fold);
    const key = comparison.columns.findIndex((column) => column.key);
    const after = known.length === 0 ? bounds.after : cellText(known.at(-1)?.[key] ?? null);
    const params = { after, before: bounds.before, limit: foldPage };
    const rows = await this.#context.messenger.call('equalRows', params, { lane: `fold-${fold}` });
    // Compared again in the meantime.
    if (this.#shown?.comparison !== comparison) return;
    this.#opened = new Map(this.#opened).set(fold, [...known, ...rows]);
    this.#items = itemsOf(comparison, this.#state, this.#opened);
    this.#drawRows();
    announce(`${plural(rows.length, 'equal row')} shown`);
  }

  #headline(): string {
    const counts = this.#shown?.comparison.counts;
    if (counts === undefined) return '';
    const differ = counts.different + counts.missing + counts.extra;
    return differ === 0 ? 'no difference' : plural(differ, 'difference');
  }

  #nothing({ rows, counts }: RowComparison): HTMLElement {
    if (rows.length > 0) {
      const clear = button('Clear Filters', { onClick: () => this.#change(noFilters) });
      return emptyState('filter', 'No row that differs passes these filters.', clear);
    }
    return emptyState(
      'pass',
      counts.equal === 0
        ? 'Both sides are empty.'
        : counts.equal === 1
          ? 'The only row is equal, cell by cell.'
          : `All ${count(counts.equal)} rows are equal, cell by cell.`,
    );
  }
}

/** Filters that were kept may name what does not differ any more. */
function fitState(state: State, { columns, rows }: RowComparison): State {
  const column = columns.some(({ name, different }) => name === state.column && different > 0) ? state.column : null;
  const rule = rows.some((row) => row.columns.some((cell) => cell.rule === state.rule)) ? state.rule : null;
  return { ...state, column, rule };
}

function notice({ complete, rows, counts }: RowComparison): HTMLElement | null {
  if (complete) return null;
  const all = counts.different + counts.missing + counts.extra;
  const text = `The first ${count(rows.length)} of ${plural(all, 'row')} that differ are listed; filters look at these. The numbers above count all of them.`;
  return element('p', { class: 'diff-notice' }, text);
}

function fillFold(cell: HTMLElement, item: Item): boolean {
  if (item.kind !== 'fold') return false;
  cell.append(element('span', { class: 'fold-dots', 'aria-hidden': 'true' }, '···'), foldText(item));
  return true;
}

function textOf(item: Item, column: GridColumn, comparison: RowComparison): string | null {
  if (item.kind === 'fold') return foldText(item);
  if (item.kind === 'row') return copiedText(comparison, item.row, column.id);
  return cellText(item.cells[comparison.columns.findIndex(({ name }) => name === column.id)] ?? null);
}

function foldText({ count: rows }: { readonly count: number | null }): string {
  return rows === null ? 'equal rows' : plural(rows, 'equal row');
}
