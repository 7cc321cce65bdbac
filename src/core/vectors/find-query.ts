import { MigrationError } from '../errors.ts';
import type { NeighbourQuery } from '../model/neighbours.ts';
import type { Cell } from '../model/rows.ts';
import type { TargetSession } from '../target/target.ts';
import { rowQuery } from './neighbour-query.ts';
import { formatVector, parseVector } from './parse-vector.ts';
import { readCells, readKey } from './read-cells.ts';
import type { VectorColumn } from './vector-column.ts';

/** What to search with. */
export interface FoundQuery {
  readonly vector: Float32Array;
  /** The same as pgvector reads it. */
  readonly text: string;
  readonly row: readonly Cell[] | null;
  readonly key: readonly string[] | null;
}

/**
 * The vector that was pasted, or that of a row. Throws `bad-query-vector`, `vector-dimensions-differ`, `no-such-target-row` or `row-without-vector`.
 */
export async function findQuery(session: TargetSession, column: VectorColumn, query: NeighbourQuery): Promise<FoundQuery> {
  if (query.kind === 'row') return queryOfRow(session, column, query.key);
  const vector = parseVector(query.vector, column.type);
  if (column.dimensions !== 0 && vector.length !== column.dimensions) {
    const context = { table: nameOf(column), column: column.column, given: vector.length, expected: column.dimensions };
    throw new MigrationError('vector-dimensions-differ', { context });
  }
  return { vector, text: formatVector(vector), row: null, key: null };
}

async function queryOfRow(session: TargetSession, column: VectorColumn, key: readonly string[]): Promise<FoundQuery> {
  const names = column.key.map((part) => part.name);
  const context = { table: nameOf(column), column: column.column, row: key.join(', '), key: names.join(', ') };
  if (key.length !== names.length) throw new MigrationError('no-such-target-row', { context });
  const { sql, parameters } = rowQuery(column, key);
  const found = (await session.query(sql, parameters).catch((error: unknown) => refuseKey(error, context))).rows[0];
  if (found === undefined) throw new MigrationError('no-such-target-row', { context });
  const text = found['vector'];
  if (typeof text !== 'string') throw new MigrationError('row-without-vector', { context });
  return { vector: parseVector(text, column.type), text, row: readCells(found), key: readKey(found) };
}

/** Class 22: the text is no value of the key's type, so no row has it. */
function refuseKey(error: unknown, context: Readonly<Record<string, string>>): never {
  const refused = error instanceof MigrationError && error.context.sqlstate?.startsWith('22') === true;
  throw refused ? new MigrationError('no-such-target-row', { context, cause: error }) : error;
}

function nameOf(column: VectorColumn): string {
  return `${column.schema}.${column.table}`;
}
