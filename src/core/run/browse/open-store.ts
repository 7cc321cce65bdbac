import { stat } from 'node:fs/promises';
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
    bytes: (await bytesOfFile(location)) ?? snapshot.size,
    fingerprint: snapshot.fingerprint,
    tables: catalog.tables.map((table) => ({
      name: table.name,
      rows: table.rows,
      columns: table.columns.map(({ name, declared, nullable }) => ({ name, declared, nullable, key: table.primaryKey.includes(name) })),
    })),
    skipped: catalog.skipped,
  }));
}

/** As it lies on the disk; null = it is a folder, or the name of several files. */
async function bytesOfFile(location: string): Promise<number | null> {
  const found = await stat(location).catch(() => null);
  return found?.isFile() === true ? found.size : null;
}
