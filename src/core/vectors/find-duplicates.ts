import { MigrationError } from '../errors.ts';
import type { DuplicatePair, DuplicatesResult, PairPayload, WrittenPairs } from '../model/duplicates.ts';
import type { VectorMetric } from '../model/neighbours.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { describeIndex, type IndexOnColumn } from '../target/vector-indexes.ts';
import { chooseIndex } from './choose-index.ts';
import { comparePairs } from './compare-pairs.ts';
import { describeDuplicates } from './describe-duplicates.ts';
import { countNumberedQuery, numberRowsStatements, pairedRowsQuery, pairsQuery, pairTable } from './duplicate-query.ts';
import { fitPairTable, type PairTableWish } from './fit-pair-table.ts';
import { isPairTableThere, lockPairTable, writePairs } from './write-pairs.ts';
import { searchPairs } from './search-pairs.ts';
import { readCells, readKey } from './read-cells.ts';
import { stoppable } from './stoppable.ts';
import { readVectorColumn, type VectorColumn } from './vector-column.ts';

export interface DuplicateSearch {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** Least similarity of a pair, as `similarityOf` means it. */
  readonly threshold: number;
  /** null = that of the index, cosine without one. */
  readonly metric: VectorMetric | null;
  /** Compare every row with every other, whatever index there is. */
  readonly exact: boolean;
  /** Pairs that are returned; all are counted and written. */
  readonly limit: number;
  /** Read what the rows of the returned pairs hold as well. */
  readonly payload?: boolean;
  /** Where to write the pairs; null = nothing is written. */
  readonly into: PairTableWish | null;
  readonly signal: AbortSignal;
}

/** With fewer rows comparing all of them takes a second at most, and misses nothing. */
const fewRows = 2_000;

/**
 * Pairs of rows with similar vectors, from one snapshot. Rows and pairs are kept in temporary tables of the target, so that memory here is bounded by
 * `limit`. `elapsed`: milliseconds from an arbitrary start; `tell`: rows that are compared, and all of them. An abort ends it between two statements;
 * whoever holds the target cancels the statement under way. Throws `bad-usage`, `pair-table-unfit` and what `readVectorColumn` throws.
 */
export async function findDuplicates(
  search: DuplicateSearch,
  target: Target,
  elapsed: () => number,
  tell: (done: number, total: number) => void,
): Promise<DuplicatesResult> {
  const start = elapsed();
  const { into } = search;
  const there = into !== null && (await isPairTableThere(target, into));
  const over = new MigrationError('cancelled');
  let result!: DuplicatesResult;
  try {
    await target.transaction(async (plain) => {
      const session = stoppable(plain, search.signal);
      await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL jit = off; SET LOCAL row_security = on');
      // Nobody may write into the table between the snapshot, which the next query takes, and the pairs.
      if (into !== null && there) await lockPairTable(session, into);
      const found = await searchIn(session, search, there, tell);
      result = { ...found, seconds: (elapsed() - start) / 1000 };
      // Nothing of a search stays.
      if (into === null) throw over;
    });
  } catch (error) {
    if (error !== over) throw error;
  }
  return result;
}

async function searchIn(
  session: TargetSession,
  search: DuplicateSearch,
  there: boolean,
  tell: (done: number, total: number) => void,
): Promise<Omit<DuplicatesResult, 'seconds'>> {
  const column = await readVectorColumn(session, search);
  const { metric, index } = chooseIndex(column.indexes, search.metric);
  checkThreshold(search.threshold, metric);
  const fitted = search.into === null ? null : await fitPairTable(session, column, search.into, there);
  for (const statement of numberRowsStatements(column)) await session.query(statement);
  // Temporary tables may be written all the same.
  if (fitted === null) await session.query('SET TRANSACTION READ ONLY');
  const { rows, zero } = await countRows(session, column);
  const wanted = { session, column, metric, threshold: search.threshold, rows, tell };
  const served = search.exact || rows <= fewRows ? null : index;
  const found = served === null ? null : await searchPairs({ ...wanted, index: served });
  if (found === null || !found.complete) await comparePairs(wanted);
  const count = await countPairs(session);
  const written: WrittenPairs | null = fitted === null ? null : await writePairs(session, fitted);
  const used: IndexOnColumn | null = found?.complete === true ? served : null;
  const zeroVectors = metric === 'cosine' ? zero : 0;
  return {
    table: `${column.schema}.${column.table}`,
    column: column.column,
    metric,
    threshold: search.threshold,
    key: column.key.map((part) => part.name),
    rows,
    index: used === null ? null : describeIndex(used),
    exact: used === null,
    compared: used === null ? rows : (found?.compared ?? 0),
    zeroVectors,
    count,
    pairs: await readPairs(session, column, search.limit),
    ...(search.payload === true ? { payload: await readPayload(session, column, search.limit) } : {}),
    into: written,
    warning: describeDuplicates({
      column,
      metric,
      rows,
      asked: served,
      used,
      exact: search.exact,
      compared: found?.compared ?? 0,
      zeroVectors,
    }),
  };
}

function checkThreshold(threshold: number, metric: VectorMetric): void {
  const fits = metric === 'ip' ? Number.isFinite(threshold) : threshold > (metric === 'cosine' ? -1 : 0) && threshold <= 1;
  if (fits) return;
  const range = { cosine: 'more than -1 and at most 1', l2: 'more than 0 and at most 1', l1: 'more than 0 and at most 1', ip: 'a number' }[
    metric
  ];
  throw new MigrationError('bad-usage', {
    context: {
      detail: `With metric ${metric} the threshold is a similarity: ${range}`,
      hint: 'Choose another threshold, for example 0.9.',
    },
  });
}

async function countRows(session: TargetSession, column: VectorColumn): Promise<{ readonly rows: number; readonly zero: number }> {
  const found = (await session.query(countNumberedQuery(column))).rows[0];
  return { rows: Number(found?.['rows']), zero: Number(found?.['zero']) };
}

async function countPairs(session: TargetSession): Promise<number> {
  return Number((await session.query(`SELECT count(*) AS pairs FROM ${pairTable}`)).rows[0]?.['pairs']);
}

async function readPairs(session: TargetSession, column: VectorColumn, limit: number): Promise<readonly DuplicatePair[]> {
  const { rows } = await session.query(pairsQuery(column), [String(limit)]);
  return rows.map((row) => ({
    a: JSON.parse(String(row['a'])) as readonly string[],
    b: JSON.parse(String(row['b'])) as readonly string[],
    similarity: Number(row['similarity']),
  }));
}

async function readPayload(session: TargetSession, column: VectorColumn, limit: number): Promise<PairPayload> {
  const { rows } = await session.query(pairedRowsQuery(column), [String(limit)]);
  return { columns: column.payload, rows: rows.map((row) => ({ key: readKey(row), row: readCells(row) })) };
}
