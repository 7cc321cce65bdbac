import type { VectorColumnSummary } from '../model/neighbours.ts';
import type { Target } from '../target/target.ts';
import { firstKeyQuery } from './neighbour-query.ts';
import { readKey } from './read-cells.ts';
import { describeIndex } from './search-neighbours.ts';
import { readVectorColumn, type VectorColumnName } from './vector-column.ts';

/** What a panel needs to know before its first search. Throws as a search does when there is no such vector column. */
export async function describeVectorColumn(name: VectorColumnName, target: Target): Promise<VectorColumnSummary> {
  const column = await readVectorColumn(target, name);
  const first = (await target.query(firstKeyQuery(column))).rows[0];
  return {
    dimensions: column.dimensions,
    columns: column.payload,
    indexes: column.indexes.map(describeIndex),
    firstKey: first === undefined ? null : readKey(first),
  };
}
