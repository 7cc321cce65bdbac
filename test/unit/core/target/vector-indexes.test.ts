import assert from 'node:assert/strict';
import { metricOfOpclass } from '../../../../src/core/target/vector-indexes.ts';

describe('metricOfOpclass', () => {
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
