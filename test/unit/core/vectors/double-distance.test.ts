import assert from 'node:assert/strict';
import { orderingBetween, tieTolerance } from '../../../../src/core/vectors/double-distance.ts';

const vector = (...values: number[]): Float32Array => Float32Array.from(values);

describe('distances in double precision', () => {
  const [a, b] = [vector(1, 2, 2), vector(3, 0, 4)];
  it('order as the operators of pgvector do', () => {
    assert.equal(orderingBetween('l2', a, b), Math.sqrt(4 + 4 + 4));
    assert.equal(orderingBetween('l1', a, b), 6);
    assert.equal(orderingBetween('ip', a, b), -11);
    assert.ok(Math.abs(orderingBetween('cosine', a, b) - (1 - 11 / 15)) < 1e-15);
  });

  it('are never below nothing for cosine, and undefined for a zero vector', () => {
    const long = Float32Array.from({ length: 1_000 }, (_, i) => Math.sin(i));
    assert.ok(orderingBetween('cosine', long, long) >= 0);
    assert.ok(Number.isNaN(orderingBetween('cosine', a, vector(0, 0, 0))));
  });

  it('are tied within what single precision rounds, and no further', () => {
    const [query, row] = [0, 1].map((seed) => Float32Array.from({ length: 4_096 }, (_, i) => Math.sin(i * (seed + 1.3)))) as [
      Float32Array,
      Float32Array,
    ];
    for (const metric of ['cosine', 'l2', 'ip', 'l1'] as const) {
      const exact = orderingBetween(metric, query, row);
      const single = inSinglePrecision(metric, query, row);
      const tolerance = tieTolerance(metric, query, row, exact);
      assert.ok(Math.abs(single - exact) <= tolerance, `${metric}: ${single} and ${exact}`);
      const scale = metric === 'ip' ? 2_048 : metric === 'cosine' ? 1 : exact;
      assert.ok(tolerance < scale * 1e-4, `${metric}: ${tolerance}`);
    }
  });
});

/** One float32 addition after the other, which is the worst that a processor does. */
function inSinglePrecision(metric: 'cosine' | 'l2' | 'ip' | 'l1', a: Float32Array, b: Float32Array): number {
  const sum = (term: (i: number) => number): number => {
    let total = 0;
    for (let i = 0; i < a.length; i++) total = Math.fround(total + Math.fround(term(i)));
    return total;
  };
  const dot = (x: Float32Array, y: Float32Array): number => sum((i) => x[i]! * y[i]!);
  if (metric === 'ip') return -dot(a, b);
  if (metric === 'cosine') return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  if (metric === 'l1') return sum((i) => Math.abs(Math.fround(a[i]! - b[i]!)));
  return Math.sqrt(sum((i) => Math.fround(a[i]! - b[i]!) ** 2));
}
