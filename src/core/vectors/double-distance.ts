import type { VectorMetric } from '../model/neighbours.ts';

/** What pgvector's operator orders by, in double precision: less is nearer. NaN = undefined (cosine of a zero vector). Both have the same length. */
export function orderingBetween(metric: VectorMetric, a: Float32Array, b: Float32Array): number {
  if (metric === 'cosine') return cosine(a, b);
  if (metric === 'ip') return -dot(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    sum += metric === 'l1' ? Math.abs(difference) : difference * difference;
  }
  return metric === 'l1' ? sum : Math.sqrt(sum);
}

/**
 * By how much two orderings may differ and still be told apart by nothing but the rounding of pgvector, which adds in single precision: the errors of n
 * additions grow with the square root of n, and four standard steps are allowed for. An inner product is rounded in proportion to the two norms.
 */
export function tieTolerance(metric: VectorMetric, query: Float32Array, row: Float32Array, ordering: number): number {
  const step = Math.sqrt(query.length) * 2 ** -22;
  if (metric === 'cosine') return step;
  return step * (metric === 'ip' ? Math.sqrt(dot(query, query) * dot(row, row)) : Math.abs(ordering));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  // As pgvector does: rounding must not make anything nearer than itself.
  return 1 - Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb)));
}
