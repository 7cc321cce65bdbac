import type { ExpressionScope } from './expression-scope.ts';
import { collated, isNumber, plainValue, type Collation, type Value } from './expression-value.ts';

const signs: Readonly<Record<string, string>> = {
  Equals: '=',
  NotEquals: '<>',
  Less: '<',
  LessEquals: '<=',
  Greater: '>',
  GreaterEquals: '>=',
  Is: 'IS NOT DISTINCT FROM',
  IsNot: 'IS DISTINCT FROM',
};

/** A comparison as a condition; null when the operator compares nothing. */
export function compareValues(scope: ExpressionScope, op: string, left: Value, right: Value): Value | null {
  const sign = signs[op];
  if (sign === undefined) return null;
  const [a, b] = alignValues(scope, left, right, /^(?:Less|Greater)/.test(op));
  return { ...plainValue, sql: `(${a} ${sign} ${b})`, family: 'boolean' };
}

/** Both sides as SQL when they are of one family; 0 and 1 beside a boolean are false and true. */
export function alignValues(scope: ExpressionScope, left: Value, right: Value, ordered: boolean): readonly [string, string] {
  if (left.gainsNulls || right.gainsNulls) return refuse(scope, 'empty texts become NULL in a column that it compares');
  if (left.family === 'boolean' || right.family === 'boolean') return alignBooleans(scope, left, right);
  if (left.family === 'json-leaf' || right.family === 'json-leaf') return alignLeaf(scope, left, right, ordered);
  if (isNumber(left) && isNumber(right)) return [left.sql, right.sql];
  if (left.family === 'bytes' && right.family === 'bytes') return [left.sql, right.sql];
  if (left.family !== 'text' || right.family !== 'text') return refuse(scope, 'it compares values of different kinds');
  const collation = collationOf(left, right);
  return [collated(left, collation, ordered), collated(right, collation, ordered)];
}

/** https://www.sqlite.org/datatype3.html#assigning_collating_sequences_from_sql */
function collationOf(left: Value, right: Value): Collation {
  const explicit = [left, right].find((value) => value.explicit);
  return explicit?.collation ?? left.collation ?? right.collation ?? 'BINARY';
}

function alignBooleans(scope: ExpressionScope, left: Value, right: Value): readonly [string, string] {
  const say = (value: Value): string | null =>
    value.family === 'boolean' ? value.sql : value.literal === '1' ? 'true' : value.literal === '0' ? 'false' : null;
  const [a, b] = [say(left), say(right)];
  return a === null || b === null ? refuse(scope, 'it compares a truth value with something else than 0 or 1') : [a, b];
}

/** A text that is no JSON by itself equals no number, truth value or document, so that comparing texts is comparing values. */
function alignLeaf(scope: ExpressionScope, left: Value, right: Value, ordered: boolean): readonly [string, string] {
  const literal = left.family === 'json-leaf' ? right.literal : left.literal;
  const isText = (left.family === 'text' || right.family === 'text') && literal !== null && /^[A-Za-z_][^"{}[\]]*$/.test(literal);
  const isWord = literal !== null && /^(?:true|false|null)$/i.test(literal);
  return ordered || !isText || isWord ? refuse(scope, 'it compares a part of a document with more than a word') : [left.sql, right.sql];
}

function refuse(scope: ExpressionScope, reason: string): readonly [string, string] {
  const { sql } = scope.refuse(reason);
  return [sql, sql];
}
