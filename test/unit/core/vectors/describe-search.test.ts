import assert from 'node:assert/strict';
import { describeSearch, type SearchFacts } from '../../../../src/core/vectors/describe-search.ts';
import type { IndexOnColumn } from '../../../../src/core/target/vector-indexes.ts';

const index: IndexOnColumn = {
  name: 'items_embedding_idx',
  column: 'embedding',
  method: 'hnsw',
  label: 'hnsw',
  expression: null,
  opclass: 'vector_cosine_ops',
  metric: 'cosine',
  options: {},
  bytes: 1,
  scanNames: ['items_embedding_idx'],
  where: null,
};
const column: SearchFacts['column'] = {
  schema: 'public',
  table: 'items',
  column: 'embedding',
  type: 'vector',
  nullable: true,
  dimensions: 3,
  vectorSchema: 'public',
  vectorVersion: '0.8.0',
  key: [],
  payload: [],
  indexes: [index],
};
const facts: SearchFacts = {
  column,
  metric: 'cosine',
  index,
  used: true,
  scans: { indexes: ['items_embedding_idx'], kinds: ['Index Scan'] },
  rows: 48_211,
  filtered: false,
  zeroQuery: false,
  undefinedDistances: false,
};
const unused: SearchFacts = { ...facts, used: false, scans: { indexes: [], kinds: ['Seq Scan'] } };

describe('describeSearch', () => {
  const cases: readonly (readonly [title: string, facts: SearchFacts, words: RegExp | null])[] = [
    ['says nothing when the index was used', facts, null],
    [
      'says that few rows are scanned rightly',
      { ...unused, rows: 500 },
      /did not use the index items_embedding_idx: .* 500 rows, which is right for so few rows\.$/,
    ],
    ['advises ANALYZE for many rows', unused, /sequential scan of 48,211 rows\. ANALYZE/],
    ['names the condition', { ...unused, filtered: true }, /because it expects few rows to meet the condition/],
    [
      'names another index',
      { ...unused, filtered: true, scans: { indexes: ['items_kind'], kinds: ['Index Scan'] } },
      /it chose index items_kind for the condition/,
    ],
    ['names a partial index', { ...unused, index: { ...index, where: '(kind = 1)' } }, /covers only rows where \(kind = 1\)/],
    [
      'says that there is no index',
      { ...unused, index: null, scans: null, column: { ...column, indexes: [] } },
      /no vector index, so each search reads all 48,211 rows\.$/,
    ],
    [
      'names the limit of dimensions',
      { ...unused, index: null, column: { ...column, indexes: [], dimensions: 3072 } },
      /up to 2,000 dimensions; this one has 3,072/,
    ],
    [
      'names what the index is for',
      { ...unused, metric: 'l2', index: null },
      /No index serves l2 \(<->\).*items_embedding_idx is built for cosine \(<=>\)/,
    ],
    ['explains a zero vector', { ...facts, zeroQuery: true, undefinedDistances: true }, /^A zero vector has no direction/],
    ['explains rows that are left out', { ...facts, undefinedDistances: true }, /^Rows with a zero vector/],
    ['does not mind zero vectors for other metrics', { ...facts, metric: 'l2', zeroQuery: true }, null],
  ];
  for (const [title, given, words] of cases) {
    it(title, () => {
      const found = describeSearch(given);
      if (words === null) assert.equal(found, null);
      else assert.match(found ?? '', words);
    });
  }
});
