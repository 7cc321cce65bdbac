import assert from 'node:assert/strict';
import type { VectorMetric } from '../../../../src/core/model/neighbours.ts';
import { chooseIndex } from '../../../../src/core/vectors/choose-index.ts';
import type { IndexOnColumn } from '../../../../src/core/target/vector-indexes.ts';

function index(name: string, method: 'hnsw' | 'ivfflat', metric: VectorMetric | null, where: string | null = null): IndexOnColumn {
  return {
    name,
    column: 'embedding',
    method,
    label: method,
    expression: null,
    metric,
    where,
    opclass: `vector_${metric}_ops`,
    options: {},
    bytes: 0,
    scanNames: [name],
  };
}

describe('chooseIndex', () => {
  const hnsw = index('b', 'hnsw', 'l2');
  const ivf = index('a', 'ivfflat', 'cosine');
  const expression = { form: 'binary', column: 'embedding', type: 'bit', dimensions: 8, start: 1 } as const;
  const signs: IndexOnColumn = { ...index('s', 'hnsw', 'cosine'), expression };
  const cases: readonly (readonly [string, readonly IndexOnColumn[], VectorMetric | null, VectorMetric, string | null])[] = [
    ['cosine when there is no index', [], null, 'cosine', null],
    ['HNSW before IVFFlat', [ivf, hnsw], null, 'l2', 'b'],
    ['a wish beats the better index', [ivf, hnsw], 'cosine', 'cosine', 'a'],
    ['a wish that none serves', [ivf, hnsw], 'ip', 'ip', null],
    ['a whole index before a partial one', [index('p', 'hnsw', 'ip', 'x > 1'), ivf], null, 'cosine', 'a'],
    ['by name when equal', [index('d', 'hnsw', 'ip'), index('c', 'hnsw', 'l1')], null, 'l1', 'c'],
    ['an operator class that nothing here orders by', [index('h', 'hnsw', null)], null, 'cosine', null],
    ['signs serve every distance', [signs], 'l2', 'l2', 's'],
    ['the column before its signs', [signs, index('v', 'hnsw', 'cosine')], 'cosine', 'cosine', 'v'],
    ['signs with HNSW before IVFFlat on the column', [ivf, signs], 'cosine', 'cosine', 's'],
  ];
  for (const [title, indexes, wished, metric, name] of cases) {
    it(title, () => {
      const chosen = chooseIndex(indexes, wished);
      assert.deepEqual([chosen.metric, chosen.index?.name ?? null], [metric, name]);
    });
  }
});
