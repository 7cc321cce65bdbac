import type { SourceSnapshot } from '../../sources/source.ts';
import { foundError, type Found } from './finding.ts';

/**
 * PostgreSQL keeps up to 1 GB in a field, but gives bytes back as two hexadecimal digits each in messages of less than 1 GB, and no program of
 * the kind of pg_dump could read more than half of that again. Texts of JavaScript end at the same length.
 */
const mostRowBytes = 2 ** 29 - 1_024;

/** Known without reading a value; reading one of these would take several times its size in memory. */
export function checkRowSizes(snapshot: SourceSnapshot, tables: readonly string[]): readonly Found[] {
  return tables.flatMap((table) => {
    const bytes = snapshot.measured[table]?.largestRow ?? 0;
    return bytes > mostRowBytes ? [foundError('row-too-large', { path: snapshot.location, table, bytes, limit: mostRowBytes })] : [];
  });
}
