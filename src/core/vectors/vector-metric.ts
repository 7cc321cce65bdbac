import type { VectorMetric } from '../model/neighbours.ts';

/** pgvector's operators; all of them give less for nearer, so inner product comes negated. */
export const metricOperators: Readonly<Record<VectorMetric, string>> = { cosine: '<=>', l2: '<->', ip: '<#>', l1: '<+>' };

/** What the operator gave → what people call distance: the inner product itself is not negated. */
export function distanceOf(metric: VectorMetric, ordering: number): number {
  // -0 would be shown as "-0".
  return metric === 'ip' ? 0 - ordering : ordering;
}

/** cosine: 1 - distance; ip: the product itself; l2 and l1: 1 / (1 + distance). More is nearer. */
export function similarityOf(metric: VectorMetric, distance: number): number {
  if (metric === 'ip') return distance;
  return metric === 'cosine' ? 1 - distance : 1 / (1 + distance);
}
