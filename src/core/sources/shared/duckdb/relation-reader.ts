import { MigrationError } from '../../../errors.ts';
import { batchOfColumns, type Cursor, type KeyRange, type Provenance, type RowBatch } from '../../../model/row-batch.ts';
import type { RowWindow } from '../../../model/watermark.ts';
import { namingDuckDbErrors } from './duckdb-errors.ts';
import type { DuckDb } from './open-duckdb.ts';
import { readChunks, type ColumnsOfChunk } from './read-chunks.ts';
import type { Relation } from './relation.ts';
import { windowSql } from './window-sql.ts';

export interface RelationOptions extends KeyRange {
  readonly columns: readonly string[];
  readonly signal: AbortSignal;
  readonly batchBytes?: number;
  readonly window?: RowWindow;
}

const defaultBatchBytes = 1 << 20;
/** Places of one statement. */
const placesAtOnce = 5_000;

/** The rows of a range in the order of their numbers, on a connection of its own. */
export async function* readRange(
  database: DuckDb,
  relation: Relation,
  options: RelationOptions,
  path: string,
): AsyncGenerator<RowBatch, void, undefined> {
  const { after, upTo } = options;
  const only = options.window === undefined ? null : windowSql(relation, options.window);
  const bounds = [
    ...(only === null ? [] : [only]),
    ...(after === undefined ? [] : [`${relation.rowSql} > ${numberOf(after, relation.name)}`]),
    ...(upTo === undefined ? [] : [`${relation.rowSql} <= ${numberOf(upTo, relation.name)}`]),
  ];
  const where = bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
  yield* readTail(database, relation, where, options, path);
}

/** The rows at these places, in order; places that are none of the relation's are passed over. */
export async function* readAtPlaces(
  database: DuckDb,
  relation: Relation,
  places: readonly Provenance[],
  options: RelationOptions,
  path: string,
): AsyncGenerator<RowBatch, void, undefined> {
  const numbers = places.flatMap((place) => placeNumber(place, relation)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (let from = 0; from < numbers.length; from += placesAtOnce) {
    const some = numbers.slice(from, from + placesAtOnce);
    // DuckDB may join with a list, and a join keeps no order.
    const condition = ` WHERE ${relation.rowSql} IN (${some.join(', ')}) ORDER BY ${relation.rowSql}`;
    yield* readTail(database, relation, condition, options, path);
  }
}

/** At most `parts` ranges: cut where groups of rows end, or evenly where there are fewer groups than parts. */
export function splitRelation({ groupEnds }: Relation, parts: number): readonly KeyRange[] {
  const last = groupEnds.at(-1) ?? -1n;
  const count = BigInt(Math.max(1, parts));
  const ends = Array.from({ length: parts - 1 }, (_, i) => {
    const part = BigInt(i + 1);
    if (groupEnds.length < parts) return ((last + 1n) * part) / count - 1n;
    return groupEnds[Math.round((groupEnds.length * (i + 1)) / parts) - 1] ?? last;
  });
  const bounds = [...new Set(ends)].filter((end) => end >= 0n && end < last).map(String);
  return [...bounds, undefined].map((upTo, i) => ({ ...(i > 0 && { after: bounds[i - 1]! }), ...(upTo !== undefined && { upTo }) }));
}

export function compareNumbers(a: Cursor, b: Cursor): number {
  const [first, second] = [numberOf(a, ''), numberOf(b, '')];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Throws `invalid-cursor`. */
function numberOf(cursor: Cursor, table: string): bigint {
  if (!/^\d{1,19}$/.test(cursor)) throw new MigrationError('invalid-cursor', { context: { cursor, table } });
  return BigInt(cursor);
}

function placeNumber(place: Provenance, { rowWord }: Relation): bigint[] {
  const number = place.startsWith(`${rowWord} `) ? place.slice(rowWord.length + 1) : '';
  return /^\d{1,18}$/.test(number) ? [BigInt(number)] : [];
}

/** `tail`: what stands behind FROM. */
async function* readTail(
  database: DuckDb,
  relation: Relation,
  tail: string,
  options: RelationOptions,
  path: string,
): AsyncGenerator<RowBatch, void, undefined> {
  const context = { path, table: relation.name };
  const expressions = options.columns.map((column) => expressionOf(relation, column, path));
  const sql = `SELECT ${[...expressions, relation.rowSql].join(', ')} FROM ${relation.from}${tail}`;
  const connection = await database.connect();
  const batches = readChunks(connection, sql, {
    batchBytes: options.batchBytes ?? defaultBatchBytes,
    keys: 1,
    signal: options.signal,
  });
  let last = -1n;
  try {
    for (;;) {
      const next = await namingDuckDbErrors(context, () => batches.next());
      if (next.done === true) return;
      const read = toBatch(next.value, relation, last);
      last = read.last;
      yield read.batch;
    }
  } finally {
    await batches.return();
    connection.closeSync();
  }
}

/** Throws `no-such-source-column`. */
function expressionOf({ name, columns }: Relation, column: string, path: string): string {
  const found = columns.find((candidate) => candidate.name === column);
  if (found === undefined) throw new MigrationError('no-such-source-column', { context: { path, table: name, column } });
  return found.sql;
}

/** Takes the row numbers off. DuckDB keeps the order of a scan; should it ever not, checkpoints would be wrong, so that is looked at. */
function toBatch(
  { size, vectors, bytes }: ColumnsOfChunk,
  { name, rowWord }: Relation,
  before: bigint,
): { readonly batch: RowBatch; readonly last: bigint } {
  const numbers = vectors.at(-1);
  const numberAt = (row: number): bigint => numbers?.at(row) as bigint;
  let last = before;
  for (let row = 0; row < size; row++) {
    const number = numberAt(row);
    if (number <= last) throw new MigrationError('internal', { context: { table: name, detail: `row ${number} came after row ${last}` } });
    last = number;
  }
  const places = { cursorAt: (row: number) => String(numberAt(row)), provenanceAt: (row: number) => `${rowWord} ${numberAt(row)}` };
  return { batch: batchOfColumns({ size, vectors: vectors.slice(0, -1) }, { ...places, bytes }), last };
}
