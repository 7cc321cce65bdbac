import { MigrationError } from '../../errors.ts';
import { fitsEdges, meantEdgeEnd, parseEdgeEnd, parseGraphTable } from '../../model/graph-names.ts';
import type { StoredTable } from './graph/stored-table.ts';

/**
 * The table of a name; edges of which a plan leaves ends open are those of the one table that fits. 'empty': a class that the program may have, although
 * there is no record of it. null: no name of a graph's table, or several fit.
 */
export function findTable(tables: readonly StoredTable[], name: string): StoredTable | 'empty' | null {
  const exact = tables.find(({ catalog }) => catalog.name === name);
  if (exact !== undefined) return exact;
  const wanted = parseGraphTable(name);
  if (wanted === null || !('edge' in wanted)) return wanted === null ? null : 'empty';
  const fitting = tables.filter(({ catalog }) => {
    const table = parseGraphTable(catalog.name);
    return table !== null && 'edge' in table && fitsEdges(wanted, table);
  });
  return fitting.length > 1 ? null : (fitting[0] ?? 'empty');
}

/** The name of a column in the database. Throws `edge-not-single` and `no-such-source-column`. */
export function findColumn({ catalog, columns }: StoredTable, name: string, path: string): string {
  if (columns.some((column) => column.name === name)) return name;
  const context = { path, table: catalog.name, column: name };
  const wanted = parseEdgeEnd(name);
  if (wanted === null) throw new MigrationError('no-such-source-column', { context });
  const meant = meantEdgeEnd(catalog.edgeEnds ?? [], wanted);
  if (meant === null) throw new MigrationError('edge-not-single', { context });
  return meant;
}
