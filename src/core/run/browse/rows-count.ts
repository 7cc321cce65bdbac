import { countTargetRows } from '../../rows/read-target-page.ts';
import type { RowsCountRequest } from '../browse-requests.ts';
import type { BrowseSession } from './browse-session.ts';
import { conditionOf } from './rows-page.ts';

/** Exact number of rows that fulfil the filter. Throws `filter-refused`. */
export async function rowsCount(request: RowsCountRequest, session: BrowseSession): Promise<number> {
  const { subject, signal } = request;
  const filter = conditionOf(request.filter);
  if (subject.side === 'target') return session.withTarget(subject.target, signal, (target) => countTargetRows(target, subject, filter));
  return session.withStore(subject.location, signal, ({ snapshot }) =>
    session.runTask('countRows', { snapshot, table: subject.table, filter }, signal),
  );
}
