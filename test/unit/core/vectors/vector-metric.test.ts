import assert from 'node:assert/strict';
import type { VectorMetric } from '../../../../src/core/model/neighbours.ts';
import { distanceOf, similarityOf } from '../../../../src/core/vectors/vector-metric.ts';

describe('vector metrics', () => {
  const similarities: readonly (readonly [metric: VectorMetric, distance: number, similarity: number])[] = [
    ['cosine', 0, 1],
    ['cosine', 0.25, 0.75],
    ['cosine', 2, -1],
    ['ip', 3.5, 3.5],
    ['ip', -1, -1],
    ['l2', 0, 1],
    ['l2', 3, 0.25],
    ['l1', 1, 0.5],
  ];
  for (const [metric, distance, similarity] of similarities)
    it(`${metric} ${distance} → ${similarity}`, () => assert.equal(similarityOf(metric, distance), similarity));

  it('gives the inner product as it is, not negated', () => {
    assert.equal(distanceOf('ip', -7), 7);
    assert.ok(Object.is(distanceOf('ip', 0), 0));
    assert.equal(distanceOf('l2', 7), 7);
  });
});
