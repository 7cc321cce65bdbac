import { SupersededError } from '../panel-error.ts';

export interface PagesOptions<Row> {
  /** Rows from `offset`, at most `limit` of them; fewer only at the end. */
  readonly load: (offset: number, limit: number, signal: AbortSignal) => Promise<readonly Row[]>;
  /** Rows arrived. */
  readonly onChange: () => void;
  /** A page could not be loaded; it is asked for again when it becomes visible again. */
  readonly onError: (error: unknown) => void;
  /** Rows of a page, 200 unless told; a message carries 2,000 at most. */
  readonly pageSize?: number;
  /** Pages kept, 40 unless told; those farthest from the visible ones go first. */
  readonly keep?: number;
}

/** Rows by their index, loaded in pages on demand; memory is bounded by `pageSize × keep` rows. */
export interface Pages<Row> {
  /** Null when it is not loaded. */
  row(index: number): Row | null;
  /** Loads what is missing between `first` and `end` and a page around; stops loading what is far away. */
  want(first: number, end: number): void;
  /** Rows between `first` and `end`, for copying: at hand or loaded, without keeping them. */
  range(first: number, end: number): Promise<readonly Row[]>;
  /** Forgets everything, for example because the filter changed; `first` are the first rows of the new view when they are at hand. */
  clear(first?: readonly Row[]): void;
}

type Page<Row> = { readonly rows: readonly Row[] } | { readonly abort: AbortController } | { readonly failed: true };

export function createPages<Row>(options: PagesOptions<Row>): Pages<Row> {
  const { pageSize = 200, keep = 40 } = options;
  const pages = new Map<number, Page<Row>>();
  let wanted = { first: 0, last: -1 };

  async function load(number: number): Promise<void> {
    const abort = new AbortController();
    pages.set(number, { abort });
    const isCurrent = (): boolean => !abort.signal.aborted;
    try {
      const rows = await options.load(number * pageSize, pageSize, abort.signal);
      if (!isCurrent()) return;
      pages.set(number, { rows });
      options.onChange();
    } catch (error) {
      if (!isCurrent() || error instanceof SupersededError) return;
      pages.set(number, { failed: true });
      options.onError(error);
    }
  }

  function forget(number: number): void {
    const page = pages.get(number);
    if (page !== undefined && 'abort' in page) page.abort.abort();
    pages.delete(number);
  }

  /** Rows of one page from `at` up to but without `stop`; null when it is not loaded. */
  function known(at: number, stop: number): readonly Row[] | null {
    const page = pages.get(Math.floor(at / pageSize));
    return page !== undefined && 'rows' in page ? page.rows.slice(at % pageSize, (at % pageSize) + stop - at) : null;
  }

  return {
    row: (index) => known(index, index + 1)?.[0] ?? null,
    want(first, end) {
      const from = Math.floor(first / pageSize);
      const to = Math.floor(Math.max(first, end - 1) / pageSize);
      const moved = from !== wanted.first || to !== wanted.last;
      wanted = { first: from, last: to };
      for (const number of tooFar(pages, from, to, keep)) forget(number);
      for (let number = from; number <= to; number += 1) {
        const page = pages.get(number);
        if (page === undefined || (moved && 'failed' in page)) void load(number);
      }
    },
    async range(first, end) {
      const rows: Row[] = [];
      for (let at = first; at < end;) {
        const stop = Math.min(end, (Math.floor(at / pageSize) + 1) * pageSize);
        const found = known(at, stop) ?? (await options.load(at, stop - at, new AbortController().signal));
        rows.push(...found);
        if (found.length < stop - at) break;
        at = stop;
      }
      return rows;
    },
    clear(first) {
      for (const number of [...pages.keys()]) forget(number);
      if (first !== undefined) pages.set(0, { rows: first });
      wanted = { first: 0, last: -1 };
    },
  };
}

/** Requests that scrolling has left behind are cancelled at once, loaded pages go only when there are too many. */
function tooFar<Row>(pages: ReadonlyMap<number, Page<Row>>, first: number, last: number, keep: number): readonly number[] {
  const distance = (number: number): number => Math.max(first - number, number - last, 0);
  const left = [...pages].filter(([number, page]) => 'abort' in page && distance(number) > 1).map(([number]) => number);
  const others = [...pages.keys()].filter((number) => !left.includes(number)).sort((a, b) => distance(b) - distance(a));
  return [...left, ...others.slice(0, Math.max(0, others.length - keep))];
}
