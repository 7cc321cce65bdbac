import { hnswBuildBytes, vectorValueBytes } from '../mapping/vector-index-size.ts';
import type { Hazard, VectorIndexBuild } from '../model/statement.ts';
import { createIndexSql, indexTermSql, type SqlIndex } from '../sql/create-index.ts';
import { quoteTable } from '../sql/table-name.ts';
import { maxIndexDimensions, type IndexedVectorType } from '../sql/vector-limits.ts';
import type { PlanIndex } from './plan-schema.ts';
import type { PlannedTable } from './planned-table.ts';
import { vectorIndexParts } from './vector-index-parts.ts';

/** Options of the index as the statement names them: lists that are to be counted are put in when the rows are there. */
export function writtenOptions(index: PlanIndex): PlanIndex['with'] {
  if (!isSized(index)) return index.with;
  return Object.fromEntries(Object.entries(index.with).filter(([name]) => name !== 'lists'));
}

/** What a run must know to build the index; null for an expression that is not known here, which is built as the server is set. */
export function vectorIndexBuild(table: PlannedTable, index: PlanIndex, described: SqlIndex): VectorIndexBuild | null {
  const [part] = vectorIndexParts(table.body.columns, index);
  const [term] = described.parts;
  if (part === undefined || term === undefined || part.dimensions === null || !(part.type in maxIndexDimensions)) return null;
  const type = part.type as IndexedVectorType;
  const before = createIndexSql(table.to, { ...described, where: null });
  const where = described.where === null ? '' : ` WHERE ${described.where}`;
  const m = Number(index.with['m'] ?? 16);
  return {
    method: index.method === 'ivfflat' ? 'ivfflat' : 'hnsw',
    countSql: `SELECT count(${indexTermSql({ ...term, column: part.column })}) AS rows FROM ${quoteTable(table.to)}${where}`,
    valueBytes: vectorValueBytes(type, part.dimensions),
    graphBytes: index.method === 'ivfflat' ? 0 : hnswBuildBytes(type, part.dimensions, m),
    lists: index.method === 'ivfflat' ? (isSized(index) ? 'auto' : Number(index.with['lists'])) : null,
    sql: [before, where],
  };
}

export function vectorHazards(name: string, index: PlanIndex): readonly Hazard[] {
  const sized = isSized(index) ? ' Its lists are sized from the rows when a run builds it.' : '';
  const message = `Building ${name} (${index.method}) takes long on many rows and wants maintenance_work_mem.${sized}`;
  return [{ code: 'index-build', message }];
}

/** The plan leaves the number of lists to the rows. */
function isSized(index: PlanIndex): boolean {
  const lists = index.with['lists'];
  return index.method === 'ivfflat' && (lists === undefined || lists === 'auto');
}
