import type { ParityDifference } from '../model/discrepancy.ts';
import { Decimal } from '../tuple/decimal.ts';

/** What a query gave: cells as text, NULL as null. */
export type AnswerRows = readonly (readonly (string | null)[])[];

/**
 * Rows of both answers that differ, by their place: the order is the queries' own. Two cells are equal when their texts are, when both are the same number
 * however it is written (1, 1.0, 1e0), or when both say the same truth value.
 */
export function compareAnswers(source: AnswerRows, target: AnswerRows, limit: number): readonly ParityDifference[] {
  const differences: ParityDifference[] = [];
  for (let row = 0; row < Math.max(source.length, target.length) && differences.length < limit; row++) {
    const [ours = null, theirs = null] = [source[row], target[row]];
    if (!areEqualRows(ours, theirs)) differences.push({ row: row + 1, source: ours, target: theirs });
  }
  return differences;
}

type Row = AnswerRows[number] | null;

function areEqualRows(source: Row, target: Row): boolean {
  if (source === null || target === null) return source === target;
  return source.length === target.length && source.every((cell, i) => areEqualCells(cell, target[i] ?? null));
}

function areEqualCells(source: string | null, target: string | null): boolean {
  if (source === null || target === null || source === target) return source === target;
  return areEqualNumbers(source, target) || (truths.has(source) && truths.get(source) === truths.get(target));
}

const [first, second] = [new Decimal(), new Decimal()];

function areEqualNumbers(source: string, target: string): boolean {
  if (!first.parse(source) || !second.parse(target)) return false;
  if (first.count !== second.count) return false;
  if (first.count === 0) return true;
  if (first.negative !== second.negative || first.point !== second.point) return false;
  for (let i = 0; i < first.count; i++) if (first.digits[i] !== second.digits[i]) return false;
  return true;
}

/** PostgreSQL prints t and f, SQLite 1 and 0, DuckDB the words. */
const truths: ReadonlyMap<string, boolean> = new Map([
  ['t', true],
  ['true', true],
  ['1', true],
  ['f', false],
  ['false', false],
  ['0', false],
]);
