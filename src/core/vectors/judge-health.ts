import { plural } from '../model/plural.ts';
import type { HealthCheck, VectorHealth } from '../model/vector-health.ts';
import type { HealthColumn } from './health-column.ts';
import { rowConditions } from './health-query.ts';

/** What was counted. */
export interface HealthFacts {
  readonly column: Pick<HealthColumn, 'schema' | 'table' | 'column' | 'type' | 'dimensions' | 'key'>;
  readonly rows: number;
  readonly vectors: number;
  readonly zero: number;
  /** Vectors with an element, or a norm, that is not finite. */
  readonly endless: number;
  readonly expected: number | null;
  /** Vectors of the expected dimensions. */
  readonly fitting: number;
  readonly found: VectorHealth['dimensions']['found'];
  readonly norms: VectorHealth['norms'];
  readonly duplicates: VectorHealth['duplicates'] & { readonly examples: HealthCheck['examples'] };
  /** From 1. */
  readonly constantDimensions: readonly number[] | { readonly skipped: string };
}

/** Keys of rows that meet a condition of health-query.ts. */
type Examples = (condition: string) => Promise<HealthCheck['examples']>;

const shownDimensions = 100;

/** What to do about each finding. */
const remedies = {
  dimensions: 'Compute these again with the model of the others; an index needs one number of dimensions.',
  endless: 'Compute these again, or set them to NULL: no distance to them can be measured.',
  zero: 'Most often the text was empty or the model failed: compute them again, or set them to NULL.',
  norms: 'See whether they come from another model; search with cosine distance, or normalise them.',
  duplicates: 'See whether these rows are the same thing, or whether a default was written instead of an embedding.',
  constant: 'See whether the model has fewer dimensions than the column, or was cut; such dimensions cost space and tell nothing.',
  missing: 'Compute them: Backfill Embeddings in the editor, `sluice embed` in a terminal.',
} as const;

/** Counts → checks, in a fixed order. `examples` is asked only for checks that found something. */
export async function judgeHealth(facts: HealthFacts, examples: Examples): Promise<VectorHealth> {
  const { column, rows, vectors, expected } = facts;
  const checks = [
    await judgeDimensions(facts, examples),
    await judgeFinite(facts, examples),
    await judgeZero(facts, examples),
    await judgeNorms(facts, examples),
    judgeDuplicates(facts),
    judgeConstant(facts),
    await judgeMissing(facts, examples),
  ];
  const { groups, rows: alike } = facts.duplicates;
  return {
    table: `${column.schema}.${column.table}`,
    column: column.column,
    type: column.type,
    key: column.key.map(({ name }) => name),
    rows,
    vectors,
    missing: rows - vectors,
    dimensions: { declared: column.dimensions, expected, found: facts.found },
    norms: facts.norms,
    duplicates: { groups, rows: alike },
    constantDimensions: 'skipped' in facts.constantDimensions ? null : facts.constantDimensions.slice(0, shownDimensions),
    checks,
    healthy: checks.every(({ state }) => state !== 'problem'),
  };
}

async function judgeDimensions({ column, vectors, expected, fitting, found }: HealthFacts, examples: Examples): Promise<HealthCheck> {
  const count = vectors - fitting;
  if (count > 0) {
    const others = found.filter(({ dimensions }) => dimensions !== expected).map(({ dimensions }) => dimensions);
    return {
      check: 'dimensions',
      state: 'problem',
      count,
      message: `${shown(count, 'vector')} ${count === 1 ? 'has' : 'have'} other dimensions (${others.join(', ')}) than the ${expected} of most.`,
      remedy: remedies.dimensions,
      examples: await examples(`dims <> ${expected}`),
    };
  }
  const fixed = column.dimensions === null ? ', although the column does not demand it' : '';
  return passed('dimensions', expected === null ? 'There is no vector.' : `All vectors have ${shown(expected, 'dimension')}${fixed}.`);
}

async function judgeFinite({ endless }: HealthFacts, examples: Examples): Promise<HealthCheck> {
  if (endless === 0) return passed('finite', 'All elements and norms are finite.');
  return {
    check: 'finite',
    state: 'problem',
    count: endless,
    message: `${shown(endless, 'vector')} ${endless === 1 ? 'has' : 'have'} an element that is NaN, infinite or NULL, or a norm beyond measure.`,
    remedy: remedies.endless,
    examples: await examples(rowConditions.endless),
  };
}

async function judgeZero({ zero }: HealthFacts, examples: Examples): Promise<HealthCheck> {
  if (zero === 0) return passed('zero', 'No vector is zero.');
  return {
    check: 'zero',
    state: 'warning',
    count: zero,
    message: `${shown(zero, 'vector')} ${zero === 1 ? 'is' : 'are'} zero: without a direction, and not in an index by cosine distance.`,
    remedy: remedies.zero,
    examples: await examples(rowConditions.zero),
  };
}

/** Models either give norms of 1 or do not; a few other ones among many of 1 are what somebody wants to know. */
async function judgeNorms({ norms, vectors, endless, zero }: HealthFacts, examples: Examples): Promise<HealthCheck> {
  if (norms === null) return passed('norms', 'There is no norm.');
  const others = vectors - endless - zero - norms.unit;
  const range = `norms from ${rounded(norms.least)} to ${rounded(norms.most)}, median ${rounded(norms.median)}`;
  if (others === 0)
    return passed('norms', norms.unit === 0 ? `No vector has a direction (${range}).` : 'All norms but of zero vectors are 1.');
  if (norms.unit <= others) {
    const message = `${shown(others, 'vector')} ${others === 1 ? 'is' : 'are'} not of norm 1 (${range}): inner product ranks them otherwise than cosine does.`;
    return { check: 'norms', state: 'ok', count: others, message, remedy: null, examples: [] };
  }
  return {
    check: 'norms',
    state: 'warning',
    count: others,
    message: `${shown(others, 'vector')} ${others === 1 ? 'is' : 'are'} not of norm 1 as most are (${range}).`,
    remedy: remedies.norms,
    examples: await examples(rowConditions.otherNorm),
  };
}

function judgeDuplicates({ duplicates: { groups, rows, examples } }: HealthFacts): HealthCheck {
  if (groups === 0) return passed('duplicates', 'No two vectors are the same.');
  const message = `${shown(rows, 'row')} share their vector with another one, in ${shown(groups, 'group')}.`;
  return { check: 'duplicates', state: 'warning', count: rows, message, remedy: remedies.duplicates, examples };
}

function judgeConstant({ constantDimensions: found }: HealthFacts): HealthCheck {
  if ('skipped' in found)
    return {
      check: 'constant-dimensions',
      state: 'skipped',
      count: 0,
      message: `Not examined: ${found.skipped}.`,
      remedy: null,
      examples: [],
    };
  if (found.length === 0) return passed('constant-dimensions', 'Every dimension varies.');
  const places = found.length > 10 ? `${found.slice(0, 10).join(', ')}, …` : found.join(', ');
  const message = `${shown(found.length, 'dimension')} ${found.length === 1 ? 'has' : 'have'} one value in all vectors (${places}).`;
  return { check: 'constant-dimensions', state: 'warning', count: found.length, message, remedy: remedies.constant, examples: [] };
}

async function judgeMissing({ rows, vectors }: HealthFacts, examples: Examples): Promise<HealthCheck> {
  const count = rows - vectors;
  if (count === 0) return passed('missing', 'Every row has a vector.');
  return {
    check: 'missing',
    state: 'warning',
    count,
    message: `${shown(count, 'row')} of ${rows.toLocaleString('en-US')} ${count === 1 ? 'has' : 'have'} no vector.`,
    remedy: remedies.missing,
    examples: await examples(rowConditions.missing),
  };
}

function passed(check: HealthCheck['check'], message: string): HealthCheck {
  return { check, state: 'ok', count: 0, message, remedy: null, examples: [] };
}

function shown(count: number, one: string): string {
  return plural(count.toLocaleString('en-US'), one);
}

function rounded(norm: number): string {
  return String(Number(norm.toPrecision(4)));
}
