import { toErrorShape, type ErrorShape } from '../../core/errors.ts';
import type { Reject, RejectsResult } from '../../core/index.ts';
import type { RejectList } from '../host.ts';

const rowsOfPage = 200;
/** Bytes of an original that are read: a tree shows one line. */
const bytesOfValue = 400;

/** What is asked of the target for one page. */
export interface RejectPageRequest {
  readonly table: string;
  readonly offset: number;
  readonly limit: number;
  readonly mostBytes: number;
}

interface TableRejects {
  readonly pages: Map<number, readonly Reject[] | 'loading'>;
  error: ErrorShape | null;
  origin: RejectList['origin'];
}

/** Rejected rows of runs, read page by page as somebody looks at them. */
export class RejectLists {
  readonly #tables = new Map<string, TableRejects>();
  readonly #onDidChange: (key: string) => void;

  constructor(onDidChange: (key: string) => void) {
    this.#onDidChange = onDidChange;
  }

  get(key: string, table: string): RejectList {
    const known = this.#tables.get(nameOf(key, table));
    return {
      at: (index) => {
        const page = known?.pages.get(Math.floor(index / rowsOfPage));
        return page === undefined || page === 'loading' ? undefined : page[index % rowsOfPage];
      },
      error: known?.error ?? null,
      origin: known?.origin ?? null,
    };
  }

  /** Starts to read the page with that row when nobody has; returns at once. */
  load(key: string, table: string, index: number, read: (page: RejectPageRequest) => Promise<RejectsResult>): void {
    const name = nameOf(key, table);
    const rejects = this.#tables.get(name) ?? { pages: new Map<number, readonly Reject[]>(), error: null, origin: null };
    this.#tables.set(name, rejects);
    const page = Math.floor(index / rowsOfPage);
    if (rejects.pages.has(page) || rejects.error !== null) return;
    rejects.pages.set(page, 'loading');
    const settle = (change: () => void): void => {
      // Forgotten meanwhile: what was read is out of date.
      if (this.#tables.get(name) !== rejects) return;
      change();
      this.#onDidChange(key);
    };
    read({ table, offset: page * rowsOfPage, limit: rowsOfPage, mostBytes: bytesOfValue }).then(
      (result) =>
        settle(() => {
          rejects.pages.set(page, result.rejects);
          const of = result.tables.find((candidate) => candidate.table === table);
          if (of !== undefined && of.location !== null) rejects.origin = { location: of.location, table: of.from };
        }),
      (error: unknown) =>
        settle(() => {
          rejects.pages.delete(page);
          rejects.error = toErrorShape(error);
        }),
    );
  }

  /** After something was done to the run. */
  forget(key: string): void {
    for (const name of this.#tables.keys()) if (name.startsWith(`${key}\n`)) this.#tables.delete(name);
  }
}

function nameOf(key: string, table: string): string {
  return `${key}\n${table}`;
}
