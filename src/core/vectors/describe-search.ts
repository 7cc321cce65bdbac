import type { VectorMetric } from '../model/neighbours.ts';
import type { IndexOnColumn } from '../target/vector-indexes.ts';
import { vectorExpressionSql } from '../sql/vector-expression.ts';
import { maxIndexDimensions } from '../sql/vector-limits.ts';
import type { VectorColumn } from './vector-column.ts';
import type { PlanScans } from './plan-scans.ts';
import { metricOperators } from './vector-metric.ts';

export interface SearchFacts {
  readonly column: VectorColumn;
  readonly metric: VectorMetric;
  /** The index that serves the metric. */
  readonly index: IndexOnColumn | null;
  readonly used: boolean;
  readonly scans: PlanScans | null;
  readonly rows: number;
  readonly filtered: boolean;
  /** The query itself has no direction. */
  readonly zeroQuery: boolean;
  /** A row was left out because its distance is not a number. */
  readonly undefinedDistances: boolean;
}

/** Below this many rows a sequential scan takes milliseconds. */
const fewRows = 10_000;

/** Sentences for the user: why the index was not used, and what has no distance. null when there is nothing to say. */
export function describeSearch(facts: SearchFacts): string | null {
  const sentences = [aboutIndex(facts), aboutZero(facts)].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}

function aboutIndex(facts: SearchFacts): string | null {
  const { column, metric, index, used, rows } = facts;
  if (index === null) return column.indexes.length === 0 ? withoutIndex(column, rows) : otherMetric(column.indexes, metric, rows);
  if (used) return null;
  return `The planner did not use the index ${index.name}: it chose ${scanName(facts.scans, rows)}${reason(facts, index)}`;
}

function withoutIndex(column: VectorColumn, rows: number): string {
  const most = maxIndexDimensions[column.type];
  const limit =
    column.dimensions > most
      ? ` pgvector indexes ${column.type} columns up to ${count(most)} dimensions; this one has ${count(column.dimensions)}: an index on ${indexable(column)} would serve.`
      : '';
  return `Column ${column.column} has no vector index, so each search reads ${rows === 1 ? 'its only row' : `all ${count(rows)} rows`}.${limit}`;
}

function indexable({ column, dimensions }: VectorColumn): string {
  const fits = dimensions <= maxIndexDimensions.halfvec;
  const expression = {
    column,
    dimensions,
    start: 1,
    ...(fits ? ({ form: 'halfvec', type: 'halfvec' } as const) : ({ form: 'binary', type: 'bit' } as const)),
  };
  return `(${vectorExpressionSql(expression, null)})`;
}

function otherMetric(indexes: readonly IndexOnColumn[], metric: VectorMetric, rows: number): string {
  const built = indexes.map((index) => {
    const orders = index.metric === null ? '' : ` (${metricOperators[index.metric]})`;
    return `${index.name} is built for ${index.metric ?? index.opclass}${orders}`;
  });
  return `No index serves ${metric} (${metricOperators[metric]}), so ${rows === 1 ? 'the only row is' : `all ${count(rows)} rows are`} read: ${built.join(', ')}.`;
}

function scanName(scans: PlanScans | null, rows: number): string {
  const other = scans?.indexes[0];
  if (other !== undefined) return `index ${other} for the condition`;
  return scans?.kinds.includes('Seq Scan') === false
    ? 'another scan'
    : `a sequential scan of ${rows === 1 ? '1 row' : `${count(rows)} rows`}`;
}

function reason(facts: SearchFacts, index: IndexOnColumn): string {
  if (index.where !== null) return `. The index covers only rows where ${index.where}, and the condition of this search does not say so.`;
  if (facts.rows < fewRows) return ', which is right for so few rows.';
  if (facts.filtered) return ' because it expects few rows to meet the condition.';
  return '. ANALYZE brings its statistics up to date; a smaller k makes the index cheaper.';
}

function aboutZero(facts: SearchFacts): string | null {
  if (facts.metric !== 'cosine') return null;
  if (facts.zeroQuery) return 'A zero vector has no direction, so no row has a cosine distance to it: choose l2 or ip.';
  return facts.undefinedDistances ? 'Rows with a zero vector have no cosine distance and are left out.' : null;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
