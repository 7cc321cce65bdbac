import type { VectorMetric } from '../model/neighbours.ts';
import { plural } from '../model/plural.ts';
import type { IndexOnColumn } from '../target/vector-indexes.ts';
import type { VectorColumn } from './vector-column.ts';

export interface DuplicateFacts {
  readonly column: Pick<VectorColumn, 'column' | 'indexes'>;
  readonly metric: VectorMetric;
  readonly rows: number;
  /** The index that was to find the pairs; null = none was asked. */
  readonly asked: Pick<IndexOnColumn, 'name'> | null;
  /** The index that found them. */
  readonly used: Pick<IndexOnColumn, 'name' | 'label'> | null;
  /** Comparing all rows was wished. */
  readonly exact: boolean;
  /** Rows that were compared with every other beside the index. */
  readonly compared: number;
  readonly zeroVectors: number;
}

/** More comparisons than this take minutes. */
const manyRows = 20_000;

/** Sentences for the user: whether pairs may be missing and why, what took long, and what was left out. null when there is nothing to say. */
export function describeDuplicates(facts: DuplicateFacts): string | null {
  const sentences = [aboutIndex(facts), aboutZero(facts.zeroVectors)].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}

function aboutIndex({ column, metric, rows, asked, used, exact, compared }: DuplicateFacts): string | null {
  if (used !== null) {
    const all =
      compared === 0
        ? ''
        : ` ${counted(compared, 'row')} with very many near ones ${compared === 1 ? 'was' : 'were'} compared with every other.`;
    return `Found through index ${used.name} (${used.label}), which is approximate: a pair is missing when the index finds it from neither of its rows. An exact search (--exact) compares all.${all}`;
  }
  if (asked !== null)
    return `Index ${asked.name} does not serve this search, or very many rows are near to each other, so all ${counted(rows, 'row')} were compared with each other.`;
  if (exact || rows < manyRows) return null;
  const why = column.indexes.length === 0 ? `Column ${column.column} has no vector index` : `No index serves ${metric}`;
  return `${why}, so all ${counted(rows, 'row')} were compared with each other.`;
}

function aboutZero(zero: number): string | null {
  if (zero === 0) return null;
  return zero === 1
    ? 'A zero vector has no cosine distance and is left out.'
    : `${counted(zero, 'zero vector')} have no cosine distance and are left out.`;
}

function counted(count: number, one: string): string {
  return plural(count.toLocaleString('en-US'), one);
}
