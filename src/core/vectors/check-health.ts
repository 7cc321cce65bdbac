import type { VectorHealth } from '../model/vector-health.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target, TargetSession } from '../target/target.ts';
import { readHealthColumn, type HealthColumn } from './health-column.ts';
import { judgeHealth, type HealthFacts } from './judge-health.ts';
import {
  constantPlacesQuery,
  duplicateGroupsQuery,
  examplesQuery,
  histogramBins,
  histogramQuery,
  surveyQuery,
  varyingBitsQuery,
} from './health-query.ts';
import { stoppable } from './stoppable.ts';
import type { VectorColumnName } from './vector-column.ts';

export interface HealthWish extends VectorColumnName {
  /** false: no keys are read. Default true. */
  readonly examples?: boolean;
  readonly signal: AbortSignal;
}

/** What is looked for by one reading of the column. */
export type HealthScan = 'norms' | 'spread' | 'duplicates' | 'constant-dimensions' | 'examples';

const scans: readonly HealthScan[] = ['norms', 'spread', 'duplicates', 'constant-dimensions', 'examples'];

/** Differences of larger numbers could be beyond float32. */
const largestNorm = 1e38;
const quantizeSince = [0, 7] as const;
/** Norms that differ by less than this part are the same: float32 rounds. */
const sameNorm = 1e-6;

/**
 * Looks at every vector of a column, with the server's own arithmetic and from one snapshot: four scans, and one more for the examples of each check that
 * found something. `tell`: which scan begins, from 0, and how many there are. Nothing is written. Throws what `readHealthColumn` throws, and `cancelled`.
 */
export async function checkHealth(
  wish: HealthWish,
  target: Target,
  tell: (scan: HealthScan, at: number, of: number) => void = () => {},
): Promise<VectorHealth> {
  const begin = (scan: HealthScan): void => tell(scan, scans.indexOf(scan), scans.length);
  return inReadOnly(target, async (plain) => {
    const session = stoppable(plain, wish.signal);
    await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const column = await readHealthColumn(session, wish);
    begin('norms');
    const survey = await readSurvey(session, column);
    begin('spread');
    const norms = await withHistogram(session, column, survey.norms);
    begin('duplicates');
    const duplicates = await readDuplicates(session, column, wish.examples !== false);
    begin('constant-dimensions');
    const facts: HealthFacts = {
      column,
      ...survey,
      norms,
      duplicates,
      constantDimensions: await readConstant(session, column, survey),
    };
    begin('examples');
    return judgeHealth(facts, async (condition) => {
      if (wish.examples === false) return [];
      const { rows } = await session.query(examplesQuery(column, condition));
      return rows.map((row) => JSON.parse(String(row['k'])) as readonly string[]);
    });
  });
}

type Survey = Omit<HealthFacts, 'column' | 'duplicates' | 'constantDimensions'>;

async function readSurvey(session: TargetSession, column: HealthColumn): Promise<Survey> {
  const [whole, ...groups] = (await session.query(surveyQuery(column))).rows;
  const number = (name: string): number => Number(whole?.[name] ?? 0);
  const found = groups.map((row) => ({ dimensions: Number(row['dims']), rows: Number(row['rows']) }));
  const expected = column.dimensions ?? found[0]?.dimensions ?? null;
  const least = whole?.['least'] ?? null;
  return {
    rows: number('rows'),
    vectors: number('vectors'),
    zero: number('zero'),
    endless: number('endless'),
    expected,
    fitting: found.find(({ dimensions }) => dimensions === expected)?.rows ?? 0,
    found,
    norms:
      least === null
        ? null
        : {
            least: Number(least),
            median: number('median'),
            mean: number('mean'),
            most: number('most'),
            unit: number('unit'),
            histogram: null,
          },
  };
}

/** One more scan where there is more than one norm: the width of the bins has to be known first. */
async function withHistogram(session: TargetSession, column: HealthColumn, norms: Survey['norms']): Promise<Survey['norms']> {
  if (norms === null || !(norms.most - norms.least > norms.most * sameNorm)) return norms;
  const { least, most } = norms;
  const { rows } = await session.query(histogramQuery(column), [String(least), String(most)]);
  const counts = new Map(rows.map((row) => [Number(row['bin']), Number(row['rows'])]));
  const width = (most - least) / histogramBins;
  const histogram = Array.from({ length: histogramBins }, (_, i) => ({
    from: least + i * width,
    to: i + 1 === histogramBins ? most : least + (i + 1) * width,
    // The largest norm has a bin of its own behind the last one.
    rows: (counts.get(i + 1) ?? 0) + (i + 1 === histogramBins ? (counts.get(histogramBins + 1) ?? 0) : 0),
  }));
  return { ...norms, histogram };
}

async function readDuplicates(session: TargetSession, column: HealthColumn, withExamples: boolean): Promise<HealthFacts['duplicates']> {
  const { rows } = await session.query(duplicateGroupsQuery(column));
  const key = (value: unknown): readonly string[] => JSON.parse(String(value)) as readonly string[];
  return {
    groups: Number(rows[0]?.['groups'] ?? 0),
    rows: Number(rows[0]?.['rows'] ?? 0),
    examples: !withExamples ? [] : rows.flatMap((row) => [key(row['first']), key(row['last'])]),
  };
}

async function readConstant(session: TargetSession, column: HealthColumn, survey: Survey): Promise<HealthFacts['constantDimensions']> {
  const { expected, fitting, norms } = survey;
  if (expected === null || fitting < 2) return { skipped: 'there are no two vectors to compare' };
  if (column.form === 'array') {
    const { rows } = await session.query(constantPlacesQuery(column), [String(expected)]);
    return rows.map((row) => Number(row['i']));
  }
  if (!quantizes(column.vectorVersion)) return { skipped: `pgvector ${column.vectorVersion ?? '?'} has no binary_quantize; 0.7.0 has` };
  if ((norms?.most ?? Infinity) > largestNorm) return { skipped: 'some elements are too large for a difference in float32' };
  const varies = String((await session.query(varyingBitsQuery(column), [String(expected)])).rows[0]?.['varies'] ?? '');
  return [...varies].flatMap((bit, i) => (bit === '0' ? [i + 1] : []));
}

function quantizes(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > quantizeSince[0] || (major === quantizeSince[0] && minor >= quantizeSince[1]);
}
