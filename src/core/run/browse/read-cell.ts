import { MigrationError } from '../../errors.ts';
import { cellText } from '../../model/cell-text.ts';
import type { CellRequest } from '../browse-requests.ts';
import type { BrowseSession } from './browse-session.ts';
import { readPage } from './rows-page.ts';

/** Longer values do not fit into an editor. */
const mostCharacters = 32 << 20;

/** One whole value as text, null for NULL. Throws `value-too-large` and `row-gone`. */
export async function readCell(request: CellRequest, session: BrowseSession): Promise<string | null> {
  const view = { ...request.view, columns: [request.column] };
  const page = await readPage({ ...request, view, limit: 1 }, { mostCharacters, mostComponents: null }, session);
  const row = page.rows[0];
  if (row === undefined) throw new MigrationError('row-gone', { context: { row: String(request.offset + 1) } });
  const cell = row[0] ?? null;
  if (cell === null || typeof cell === 'string' || 'values' in cell) return cellText(cell);
  throw new MigrationError('value-too-large', { context: { column: request.column, characters: cell.cut, limit: mostCharacters } });
}
