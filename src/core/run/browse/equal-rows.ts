import { MigrationError } from '../../errors.ts';
import type { Cell } from '../../model/rows.ts';
import { readRowsBetween } from '../../rows/read-rows-between.ts';
import type { EqualRowsRequest } from '../browse-requests.ts';
import type { BrowseSession } from './browse-session.ts';
import { findComparedTable } from './compared-table.ts';

const mostRows = 200;

/** The first rows of the target behind one key and before another, columns as in the comparison. Only for keys of one column; others have no folds. */
export async function equalRows(request: EqualRowsRequest, session: BrowseSession): Promise<readonly (readonly Cell[])[]> {
  return session.withTarget(request.target, request.signal, async (target) => {
    const { table } = await findComparedTable(request, target);
    const key = table.key.length === 1 ? table.columns[table.key[0] ?? 0]?.to : undefined;
    if (key === undefined)
      throw new MigrationError('bad-usage', {
        context: { detail: `Equal rows of ${table.label} have no place: its key is not one column` },
      });
    const limit = Math.max(1, Math.min(mostRows, request.limit));
    return readRowsBetween(target, table.to, {
      key,
      columns: table.columns.map(({ to }) => to),
      after: request.after,
      before: request.before,
      limit,
    });
  });
}
