import { Virtualizer, defaultRangeExtractor, type VirtualizerOptions } from '@tanstack/virtual-core';

/** Chromium's largest element has 33,554,432 px; the header and the rows of the last screen need some of them. */
const largestBody = 33_554_432 - 8_192;
const overscan = 8;
/** Pixels of a line, for mice that count in lines. */
const wheelLine = 24;

export interface ViewportOptions {
  readonly scroller: HTMLElement;
  /** Gets the height of all rows, or the largest possible one. */
  readonly body: HTMLElement;
  readonly headerHeight: number;
  readonly rowHeight: (row: number) => number;
  /** Stays in the document also when it is out of sight, because it holds the focus; negative = none. */
  readonly keptRow: () => number;
  /** Other rows are to be drawn, or the same ones elsewhere. */
  readonly onChange: () => void;
}

/** Which rows are to be drawn and where. Above the largest body, positions are scaled: the bar then moves in coarser steps, the wheel and keys do not. */
export class GridViewport {
  readonly #options: ViewportOptions;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  readonly #unmount: () => void;
  #count = 0;
  /** Position in the whole table, in pixels, however large. */
  #offset = 0;
  /** Where the scroll bar was put for `offset`; when it is found elsewhere, the user moved it. */
  #expectedTop = 0;
  #reportOffset: (offset: number, isScrolling: boolean) => void = () => undefined;

  constructor(options: ViewportOptions) {
    this.#options = options;
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.#settings());
    this.#unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    options.scroller.addEventListener('wheel', this.#onWheel, { passive: false });
  }

  /** Rows to draw; `start` is their top inside the body in pixels. */
  items(): { readonly index: number; readonly start: number; readonly size: number }[] {
    const shift = this.#isScaled() ? this.#options.scroller.scrollTop - this.#offset : 0;
    return this.#virtualizer.getVirtualItems().map(({ index, start, size }) => ({ index, start: start + shift, size }));
  }

  /** Rows in sight, from `first` up to but without `end`. */
  visible(): { readonly first: number; readonly end: number } {
    const first = this.#virtualizer.getVirtualItemForOffset(this.#offset)?.index ?? 0;
    const last = this.#virtualizer.getVirtualItemForOffset(this.#offset + Math.max(0, this.#height() - 1))?.index ?? -1;
    return { first, end: Math.min(this.#count, last + 1) };
  }

  setRowCount(count: number): void {
    this.#count = count;
    this.#virtualizer.setOptions(this.#settings());
    this.#virtualizer._willUpdate();
    this.#layOut();
    this.#options.onChange();
  }

  /** Heights of rows changed. */
  remeasure(): void {
    this.#virtualizer.measure();
    this.#layOut();
    this.#options.onChange();
  }

  /** Brings a row into sight, moving as little as needed, and draws. */
  reveal(row: number): void {
    // Also brings the cache of positions up to date.
    if (this.#virtualizer.getOffsetForIndex(row, 'start') === undefined) return;
    const item = this.#virtualizer.measurementsCache[row];
    if (item === undefined) return;
    if (item.start < this.#offset) this.scrollTo(item.start);
    else if (item.end > this.#offset + this.#height()) this.scrollTo(item.end - this.#height());
    this.#options.onChange();
  }

  /** Position in the whole table, in pixels. */
  scrollTo(offset: number): void {
    const { scroller } = this.#options;
    const wanted = Math.min(Math.max(0, offset), this.#furthest());
    scroller.scrollTop = wanted / this.#factor();
    this.#expectedTop = scroller.scrollTop;
    this.#settle(wanted);
  }

  dispose(): void {
    this.#options.scroller.removeEventListener('wheel', this.#onWheel);
    this.#unmount();
  }

  #settings(): VirtualizerOptions<HTMLElement, HTMLElement> {
    const { scroller, rowHeight, onChange } = this.#options;
    return {
      count: this.#count,
      overscan,
      getScrollElement: () => scroller,
      estimateSize: rowHeight,
      // Scrolling is done here, because only this file knows the scale.
      scrollToFn: () => undefined,
      observeElementRect: (_instance, report) => {
        const observer = new ResizeObserver(() => {
          report({ width: scroller.clientWidth, height: this.#height() });
          this.#layOut();
        });
        observer.observe(scroller);
        return () => observer.disconnect();
      },
      observeElementOffset: (_instance, report) => {
        this.#reportOffset = report;
        scroller.addEventListener('scroll', this.#onScroll, { passive: true });
        return () => scroller.removeEventListener('scroll', this.#onScroll);
      },
      rangeExtractor: (range) => {
        const kept = this.#options.keptRow();
        const indexes = defaultRangeExtractor(range);
        return kept < 0 || kept >= this.#count || indexes.includes(kept) ? indexes : [...indexes, kept].sort((a, b) => a - b);
      },
      onChange,
    };
  }

  readonly #onScroll = (): void => {
    const { scrollTop } = this.#options.scroller;
    if (Math.abs(scrollTop - this.#expectedTop) < 1) return;
    this.#expectedTop = scrollTop;
    this.#settle(scrollTop * this.#factor());
  };

  /** Scaled, the browser's own step would be many rows. */
  readonly #onWheel = (event: WheelEvent): void => {
    if (!this.#isScaled() || event.ctrlKey || event.shiftKey || event.deltaY === 0) return;
    event.preventDefault();
    const units: Record<number, number> = { [WheelEvent.DOM_DELTA_LINE]: wheelLine, [WheelEvent.DOM_DELTA_PAGE]: this.#height() };
    this.scrollTo(this.#offset + event.deltaY * (units[event.deltaMode] ?? 1));
  };

  #settle(offset: number): void {
    this.#offset = Math.min(Math.max(0, offset), this.#furthest());
    this.#reportOffset(this.#offset, false);
    // Rows in sight are told also while the drawn ones stay, and scaled ones move with the bar.
    this.#options.onChange();
  }

  #layOut(): void {
    this.#options.body.style.height = `${this.#bodyHeight()}px`;
    if (this.#offset > this.#furthest()) this.scrollTo(this.#furthest());
  }

  #height(): number {
    return Math.max(0, this.#options.scroller.clientHeight - this.#options.headerHeight);
  }

  #bodyHeight(): number {
    return Math.min(this.#virtualizer.getTotalSize(), largestBody);
  }

  #isScaled(): boolean {
    return this.#virtualizer.getTotalSize() > largestBody;
  }

  #furthest(): number {
    return Math.max(0, this.#virtualizer.getTotalSize() - this.#height());
  }

  /** Pixels of the table that one pixel of the bar stands for. */
  #factor(): number {
    return this.#isScaled() ? this.#furthest() / Math.max(1, this.#bodyHeight() - this.#height()) : 1;
  }
}
