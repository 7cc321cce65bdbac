import { MigrationError } from '../errors.ts';
import type { VectorMetric } from '../model/neighbours.ts';
import type { RecallCurve, RecallPoint, RecallSetting } from '../model/recall-curve.ts';
import { checkFilter } from '../target/check-filter.ts';
import { toFilterError } from '../target/filter-error.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { describeIndex, type IndexOnColumn } from '../target/vector-indexes.ts';
import { candidatesOf } from './candidates.ts';
import { chooseIndex } from './choose-index.ts';
import { countVectors } from './count-vectors.ts';
import { effortLadder, oversamplingLadder } from './effort-ladder.ts';
import { readNeighbourList } from './neighbour-list.ts';
import { neighbourQuery, type NeighbourQuerySettings } from './neighbour-query.ts';
import { parseVector } from './parse-vector.ts';
import { planScans } from './plan-scans.ts';
import { readKey } from './read-cells.ts';
import { recallOf, type Ranked } from './recall.ts';
import { sampleQuery } from './recall-query.ts';
import { applyExactSettings, applySearchSettings } from './search-settings.ts';
import { stoppable } from './stoppable.ts';
import { readVectorColumn, type VectorColumn, type VectorColumnName } from './vector-column.ts';

export interface RecallWish extends VectorColumnName {
  /** 1 to 1,000. */
  readonly k: number;
  /** null = that of the index. */
  readonly metric: VectorMetric | null;
  /** SQL condition; null = all rows. It holds for the sampled rows and for their neighbours. */
  readonly filter: string | null;
  /** Rows to search from, 1 to 1,000. */
  readonly rows: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** A suggestion finds this share of the exact neighbours. */
const wanted = 0.95;
const most = 1_000;
/** Standard errors that are left as room: one side of 95 %. */
const room = 1.645;

/**
 * Searches from sampled rows through the index at each step of a ladder, then exactly, in one read-only transaction with one snapshot. `onSearches` is told
 * how many searches are done, of how many. Throws `bad-usage` when no index serves the metric, and as a search does.
 */
export async function measureRecall(
  wish: RecallWish,
  target: Target,
  elapsed: () => number,
  onSearches: (done: number, all: number) => void,
): Promise<RecallCurve> {
  for (const [name, value] of [['k', wish.k] as const, ['The number of sampled rows', wish.rows] as const])
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new MigrationError('bad-usage', {
        context: { detail: `${name} must be a whole number from 1 to ${most}`, hint: 'Choose another number.' },
      });
  return inReadOnly(target, async (session) => {
    await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    return new RecallMeasurement(stoppable(session, wish.signal), wish, elapsed, onSearches).run();
  });
}

class RecallMeasurement {
  readonly #session: TargetSession;
  readonly #wish: RecallWish;
  readonly #elapsed: () => number;
  readonly #onSearches: (done: number, all: number) => void;
  #done = 0;
  #all = 0;

  constructor(session: TargetSession, wish: RecallWish, elapsed: () => number, onSearches: (done: number, all: number) => void) {
    this.#session = session;
    this.#wish = wish;
    this.#elapsed = elapsed;
    this.#onSearches = onSearches;
  }

  async run(): Promise<RecallCurve> {
    const { filter, k, seed } = this.#wish;
    const session = this.#session;
    const column = await readVectorColumn(session, this.#wish);
    if (filter !== null) await checkFilter(session, column, filter);
    const { metric, index } = chooseIndex(column.indexes, this.#wish.metric);
    if (index === null) throw withoutIndex(column, metric);
    const rows = await this.#sample(column, metric);
    const ladder = index.expression === null ? effortLadder(index, k) : oversamplingLadder(k);
    const setting: RecallSetting =
      index.expression !== null ? 'oversampling' : index.method === 'hnsw' ? 'hnsw.ef_search' : 'ivfflat.probes';
    this.#all = rows.length * (ladder.length + 1);
    const found: { readonly value: number; readonly lists: readonly FoundList[] }[] = [];
    for (const value of ladder) found.push({ value, lists: await this.#throughIndex(column, index, rows, value) });
    await applyExactSettings(session);
    const exact = await this.#lists(column, rows);
    const points = found.map(({ value, lists }) => toPoint(value, lists, exact));
    const reached = points.find(reaches);
    return {
      metric,
      k,
      index: describeIndex(index),
      setting,
      sample: { rows: rows.length, of: await countVectors(session, column), seed, keys: rows.map(({ without }) => without ?? []) },
      points,
      suggested: reached?.value ?? null,
      wanted,
      exactSeconds: meanOf(exact.map(({ seconds }) => seconds)),
      warning: warningOf(points, rows.length, setting),
    };
  }

  async #sample(column: VectorColumn, metric: VectorMetric): Promise<readonly NeighbourQuerySettings[]> {
    const { filter, k, rows, seed } = this.#wish;
    const found = await this.#session.query(sampleQuery(column, filter, rows, seed)).catch((error: unknown) => {
      throw toFilterError(error, filter);
    });
    return found.rows.map((row) => {
      const vector = String(row['vector']);
      const dimensions = parseVector(vector, column.type).length;
      return { metric, vector, dimensions, without: readKey(row), filter, k, candidates: null };
    });
  }

  async #throughIndex(
    column: VectorColumn,
    index: IndexOnColumn,
    rows: readonly NeighbourQuerySettings[],
    value: number,
  ): Promise<readonly FoundList[]> {
    const candidates = candidatesOf(index, this.#wish.k, index.expression === null ? null : value);
    await applySearchSettings(this.#session, index, candidates === null ? value : null, {
      filtered: this.#wish.filter !== null,
      vectorVersion: column.vectorVersion,
      candidates: candidates?.count ?? null,
    });
    const [first] = rows;
    const used = first !== undefined && (await this.#uses(column, index, { ...first, candidates }));
    const lists = await this.#lists(
      column,
      rows.map((row) => ({ ...row, candidates })),
    );
    return lists.map((list) => ({ ...list, used }));
  }

  /** One plan stands for all rows: they differ in nothing that the planner knows. */
  async #uses(column: VectorColumn, index: IndexOnColumn, settings: NeighbourQuerySettings): Promise<boolean> {
    const { sql, parameters } = neighbourQuery(column, settings);
    const explained = await this.#session.query(`EXPLAIN (FORMAT JSON) ${sql}`, parameters);
    return planScans(explained.rows[0]?.['QUERY PLAN']).indexes.some((name) => index.scanNames.includes(name));
  }

  async #lists(column: VectorColumn, rows: readonly NeighbourQuerySettings[]): Promise<readonly FoundList[]> {
    const bare = { ...column, payload: [] };
    const lists: FoundList[] = [];
    for (const settings of rows) {
      const { seconds, rows: list } = await readNeighbourList(this.#session, bare, settings, this.#elapsed);
      lists.push({ seconds, list, used: false });
      this.#onSearches(++this.#done, this.#all);
    }
    return lists;
  }
}

interface FoundList {
  readonly seconds: number;
  readonly list: readonly Ranked[];
  readonly used: boolean;
}

function toPoint(value: number, lists: readonly FoundList[], exact: readonly FoundList[]): RecallPoint {
  const recalls = lists.flatMap(({ list }, i) => recallOf(exact[i]?.list ?? [], list) ?? []);
  const recall = meanOf(recalls);
  return {
    value,
    recall,
    error: Math.sqrt(meanOf(recalls.map((one) => (one - recall) ** 2)) / Math.max(1, recalls.length - 1)),
    seconds: meanOf(lists.map(({ seconds }) => seconds)),
    used: lists.filter(({ used }) => used).length,
  };
}

/** A row that is lost takes all of its neighbours along, so that few rows say little. */
function reaches({ recall, error, used }: RecallPoint): boolean {
  return used > 0 && recall - room * error >= wanted;
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function warningOf(points: readonly RecallPoint[], rows: number, setting: RecallSetting): string | null {
  if (rows === 0) return 'No row with a vector meets the condition, so there is nothing to measure.';
  if (points.every(({ used }) => used === 0))
    return 'The planner uses the index at none of these settings, so what is measured is no recall of the index.';
  if (points.some(reaches)) return null;
  const more =
    setting === 'oversampling'
      ? 'An index that keeps more of the vectors'
      : 'An index that is built more thoroughly (m, ef_construction, lists)';
  return `None of these settings is sure to find ${wanted * 100} % of the exact neighbours. ${more} finds more, and more sampled rows make it surer.`;
}

function withoutIndex({ column }: VectorColumn, metric: VectorMetric): MigrationError {
  return new MigrationError('bad-usage', {
    context: {
      detail: `No vector index on column "${column}" serves ${metric}, so there is no recall to measure`,
      hint: 'Every search reads all rows and finds everything; build an index first, or choose its metric.',
    },
  });
}
