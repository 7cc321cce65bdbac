import type { ExpressionScope } from './expression-scope.ts';
import { operand, plainValue, textValue, type Value } from './expression-value.ts';
import { jsonLeaf } from './json-leaf.ts';

const arithmetic: Readonly<Record<string, string>> = { Add: '+', Subtract: '-', Multiply: '*', Divide: '/', Modulus: '%' };
const bitwise: Readonly<Record<string, string>> = { BitwiseAnd: '&', BitwiseOr: '|', LeftShift: '<<', RightShift: '>>' };

/** What is no comparison: arithmetic in 64 bits or doubles, bits, texts put together. For a sign, `left` and `right` are the same value. */
export function calculate(scope: ExpressionScope, op: string, left: Value, right: Value): Value {
  if (op === 'Concat') return concatenate(scope, left, right);
  if (op === 'ArrowRightShift') return leafOf(left, right) ?? scope.refuse('->> is carried over for columns of documents only');
  if (!isExact(left) || !isExact(right)) return scope.refuse('it calculates with something else than integers and doubles');
  if (op === 'Negative') return { ...plainValue, sql: `(-${operand(left)})`, family: left.family };
  const integers = left.family === 'integer' && right.family === 'integer';
  // Two small literals would be calculated in 32 bits.
  if (left.literal !== null && right.literal !== null && integers)
    return calculate(scope, op, { ...left, literal: null, narrow: true }, right);
  const sign = arithmetic[op];
  if (sign !== undefined && (integers || op !== 'Modulus')) {
    // SQLite divides by zero to NULL.
    const by = op === 'Divide' || op === 'Modulus' ? `NULLIF(${operand(right)}, 0)` : operand(right);
    return { ...plainValue, sql: `(${operand(left)} ${sign} ${by})`, family: integers ? 'integer' : 'real' };
  }
  if (op === 'BitwiseNot' && integers) return { ...plainValue, sql: `(~${operand(left)})`, family: 'integer' };
  const bits = bitwise[op];
  if (bits === undefined || !integers) return scope.refuse(`${op} has no counterpart`);
  if (!op.endsWith('Shift')) return { ...plainValue, sql: `(${operand(left)} ${bits} ${operand(right)})`, family: 'integer' };
  const isSmall = right.literal !== null && /^\d{1,2}$/.test(right.literal) && Number(right.literal) < 64;
  return isSmall
    ? { ...plainValue, sql: `(${operand(left)} ${bits} ${right.sql})`, family: 'integer' }
    : scope.refuse('it shifts by more than a number');
}

/** A path, or the name of a key alone. */
function leafOf(left: Value, right: Value): Value | null {
  const key = right.family === 'text' ? right.literal : null;
  if (key === null || /["\\]/.test(key.startsWith('$') ? '' : key)) return null;
  return jsonLeaf(left, key.startsWith('$') ? right : textValue(`$."${key}"`));
}

/** Decimals are exact in PostgreSQL and doubles in SQLite: 0.1 * 3 is not the same. */
function isExact({ family, gainsNulls }: Value): boolean {
  return !gainsNulls && (family === 'integer' || family === 'real');
}

/** An integer prints the same in both; a double does not. */
function concatenate(scope: ExpressionScope, left: Value, right: Value): Value {
  const texts = [left, right].map((value) => {
    if (value.gainsNulls) return null;
    if (value.family === 'text') return value.sql;
    return value.family === 'integer' ? `(${value.sql})::text` : null;
  });
  if (texts.includes(null)) return scope.refuse('it puts something else together than texts and integers');
  return { ...plainValue, sql: `(${texts.join(' || ')})`, family: 'text' };
}
