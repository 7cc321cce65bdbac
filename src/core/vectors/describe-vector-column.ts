import type { VectorColumnSummary } from '../model/neighbours.ts';
import type { TargetSession } from '../target/target.ts';
import { describeIndex } from '../target/vector-indexes.ts';
import { firstKeyQuery } from './neighbour-query.ts';
import { readKey } from './read-cells.ts';
import { readVectorColumn, type VectorColumnName } from './vector-column.ts';

/** What a panel needs to know before its first search. Throws as a search does when there is no such vector column. */
export async function describeVectorColumn(name: VectorColumnName, session: TargetSession): Promise<VectorColumnSummary> {
  const column = await readVectorColumn(session, name);
  const first = (await session.query(firstKeyQuery(column))).rows[0];
  return {
    dimensions: column.dimensions,
    columns: column.payload,
    indexes: column.indexes.map(describeIndex),
    firstKey: first === undefined ? null : readKey(first),
  };
}
