import assert from 'node:assert/strict';
import type { VectorMetric } from '../../../../src/core/model/neighbours.ts';
import { distanceOf, metricOfOpclass, similarityOf } from '../../../../src/core/vectors/vector-metric.ts';

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

  it('knows what an operator class orders by', () => {
    assert.deepEqual(['vector_cosine_ops', 'vector_l2_ops', 'vector_ip_ops', 'vector_l1_ops', 'halfvec_l2_ops'].map(metricOfOpclass), [
      'cosine',
      'l2',
      'ip',
      'l1',
      'l2',
    ]);
    assert.deepEqual(['bit_hamming_ops', 'bit_jaccard_ops', 'sparsevec_l2_ops', 'text_ops'].map(metricOfOpclass), [null, null, null, null]);
  });
});
