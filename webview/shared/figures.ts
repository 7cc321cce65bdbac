import type { VectorMetric } from '../../src/core/model/neighbours.ts';

export const metricTexts: Readonly<Record<VectorMetric, string>> = { cosine: 'cosine', l2: 'L2', ip: 'inner product', l1: 'L1' };

/** "0.0412"; large ones with fewer decimals, so that a column stays in its width. */
export function distanceText(distance: number): string {
  const size = Math.abs(distance);
  return size >= 100_000 ? distance.toExponential(3) : distance.toFixed(size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4);
}

/** "0.959". */
export function similarityText(similarity: number): string {
  const size = Math.abs(similarity);
  return size >= 100_000 ? similarity.toExponential(2) : similarity.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

/** "22× faster"; null when the difference says nothing. */
export function speedText(exactSeconds: number, indexSeconds: number): string | null {
  if (indexSeconds <= 0 || exactSeconds <= 0) return null;
  const times = exactSeconds / indexSeconds;
  if (times >= 1.5) return `${times >= 10 ? Math.round(times) : times.toFixed(1)}× faster`;
  return times <= 1 / 1.5 ? `${(1 / times).toFixed(1)}× slower` : null;
}
