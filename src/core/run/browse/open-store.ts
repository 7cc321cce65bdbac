import { realpath, stat } from 'node:fs/promises';
import type { StoreSummary } from '../../model/store-summary.ts';
import type { BrowseSession } from './browse-session.ts';

/** The declared schema of the store at `location` (absolute) with exact row counts. Throws a named diagnosis when it cannot be read. */
export function openStore(
  request: { readonly location: string; readonly signal: AbortSignal },
  session: BrowseSession,
): Promise<StoreSummary> {
  const { location, signal } = request;
  return session.withStore(location, signal, async ({ snapshot, catalog }) => ({
    path: location,
    kind: snapshot.kind,
    bytes: (await stat(await realpath(location))).size,
    fingerprint: snapshot.fingerprint,
    tables: catalog.tables.map((table) => ({
      name: table.name,
      rows: table.rows,
      columns: table.columns.map(({ name, declared, nullable }) => ({ name, declared, nullable, key: table.primaryKey.includes(name) })),
    })),
    skipped: catalog.skipped,
  }));
}
