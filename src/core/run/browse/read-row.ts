import { MigrationError } from '../../errors.ts';
import type { Cell } from '../../model/rows.ts';
import type { RowRequest } from '../browse-requests.ts';
import type { BrowseSession } from './browse-session.ts';
import { readPage } from './rows-page.ts';

/** The row at a place of a view, values up to 2^20 characters, vectors whole. Throws `row-gone` when there is none. */
export async function readRow(request: RowRequest, session: BrowseSession): Promise<readonly Cell[]> {
  const page = await readPage({ ...request, limit: 1 }, { mostCharacters: 1 << 20, mostComponents: null }, session);
  const row = page.rows[0];
  if (row === undefined) throw new MigrationError('row-gone', { context: { row: String(request.offset + 1) } });
  return row;
}
