import type { Expr } from 'sqlite3-parser';
import { parseExpression } from '../dialect/parse-sqlite.ts';

/** The value of `1+2*(3-4)`; null when it is anything but integers, + - * and parentheses, or beyond 64 bits, where SQLite goes on in doubles. */
export function evaluateIntegers(expression: string): bigint | null {
  const parsed = parseExpression(expression);
  return parsed === null ? null : evaluate(parsed.root);
}

function evaluate(expr: Expr): bigint | null {
  if (expr.type === 'NumericLiteral') return /^\d+$/.test(expr.value) ? within64Bits(BigInt(expr.value)) : null;
  if (expr.type === 'ParenthesizedExpr' && expr.exprs.length === 1) return evaluate(expr.exprs[0] as Expr);
  if (expr.type === 'UnaryExpr') {
    const value = expr.op === 'Negative' || expr.op === 'Positive' ? evaluate(expr.expr) : null;
    return value === null ? null : expr.op === 'Negative' ? -value : value;
  }
  if (expr.type !== 'BinaryExpr') return null;
  const operation = operations[expr.op];
  if (operation === undefined) return null;
  const [left, right] = [evaluate(expr.left), evaluate(expr.right)];
  return left === null || right === null ? null : within64Bits(operation(left, right));
}

const operations: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  Add: (a, b) => a + b,
  Subtract: (a, b) => a - b,
  Multiply: (a, b) => a * b,
};

function within64Bits(value: bigint): bigint | null {
  return value === BigInt.asIntN(64, value) ? value : null;
}
