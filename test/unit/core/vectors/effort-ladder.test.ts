import assert from 'node:assert/strict';
import { effortLadder, oversamplingLadder } from '../../../../src/core/vectors/effort-ladder.ts';

const hnsw = { method: 'hnsw', options: {} } as const;
const ivfflat = (lists: string) => ({ method: 'ivfflat', options: { lists } }) as const;

const cases = [
  ['hnsw, as many rows as usual', effortLadder(hnsw, 10), [10, 20, 40, 80, 120, 200, 400]],
  ['hnsw gives no more rows than it looks at', effortLadder(hnsw, 100), [120, 200, 400]],
  ['hnsw, very many rows', effortLadder(hnsw, 500), [800, 1_000]],
  ['hnsw, all that it takes', effortLadder(hnsw, 1_000), [1_000]],
  ['ivfflat ends with all of its lists', effortLadder(ivfflat('30'), 10), [1, 2, 5, 10, 20, 30]],
  ['ivfflat with one list', effortLadder(ivfflat('1'), 10), [1]],
  ['ivfflat with many lists', effortLadder(ivfflat('1000'), 10), [1, 2, 5, 10, 20, 50, 100, 200]],
  ['candidates', oversamplingLadder(10), [1, 2, 5, 10, 20, 40]],
  ['candidates up to what HNSW gives', oversamplingLadder(200), [1, 2, 5]],
  ['one candidate for each of very many', oversamplingLadder(1_000), [1]],
] as const;

describe('the ladder of efforts', () => {
  for (const [title, found, expected] of cases) it(title, () => assert.deepEqual(found, expected));
});
