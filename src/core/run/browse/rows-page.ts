import { MigrationError } from '../../errors.ts';
import type { RowsPage } from '../../model/rows.ts';
import { readTargetPage } from '../../rows/read-target-page.ts';
import type { RowsPageRequest } from '../browse-requests.ts';
import type { BrowseSession } from './browse-session.ts';

const mostRows = 2_000;
/** What a cell of a grid can show. */
const gridLimits = { mostCharacters: 300, mostComponents: 48 };

export interface PageLimits {
  readonly mostCharacters: number;
  /** Components of a vector; null = all. */
  readonly mostComponents: number | null;
}

/** Rows of a view from `offset`, fewer than `limit` at the end. Throws `filter-refused` for a condition that cannot be used. */
export function rowsPage(request: RowsPageRequest, session: BrowseSession): Promise<RowsPage> {
  const { offset, limit } = request;
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(limit) || limit < 1 || limit > mostRows)
    return Promise.reject(
      new MigrationError('bad-usage', { context: { detail: `A page has 1 to ${mostRows} rows, not ${limit} from ${offset}` } }),
    );
  return readPage(request, gridLimits, session);
}

/** As `rowsPage`, with other limits of a value. */
export async function readPage(request: RowsPageRequest, limits: PageLimits, session: BrowseSession): Promise<RowsPage> {
  const { subject, offset, limit, signal } = request;
  const { clock } = session.deps;
  const view = { ...request.view, filter: conditionOf(request.view.filter) };
  const start = clock.elapsed();
  const page =
    subject.side === 'target'
      ? await session.withTarget(subject.target, signal, (target) => readTargetPage(target, subject, view, { offset, limit }, limits))
      : await session.withStore(subject.location, signal, ({ snapshot }) =>
          session.runTask(
            'readPage',
            { snapshot, table: subject.table, request: { view, offset, limit, mostCharacters: limits.mostCharacters } },
            signal,
          ),
        );
  return { offset, ...page, seconds: (clock.elapsed() - start) / 1000 };
}

/** A condition as somebody left it in a field: a blank one is none. */
export function conditionOf(filter: string | null): string | null {
  return filter === null || filter.trim() === '' ? null : filter;
}
