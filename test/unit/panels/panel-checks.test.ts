import assert from 'node:assert/strict';
import type { Check } from '../../../src/panels/check-params.ts';
import { neighboursChecks, reportChecks, rowDiffChecks, rowsChecks, vectorMapChecks } from '../../../src/panels/panel-checks.ts';

const view = { filter: null, sort: [{ column: 'id', descending: true }], columns: ['id', 'na"me'] };
const page = { view, offset: 0, limit: 2_000 };
const byRow = { query: { kind: 'row', key: ['1'] }, k: 10, metric: null, filter: null, effort: null, oversampling: null };
const drawing = { projection: 'pca', sample: 10_000, seed: 7, colour: null };
const elsewhere = { side: 'source', location: '/etc/other.db', table: 'secrets' };

const cases: readonly (readonly [string, Check, readonly unknown[], readonly unknown[]])[] = [
  [
    'rows.page',
    rowsChecks.page,
    [page, { view: { filter: 'a = 1', sort: [], columns: null }, offset: 1e9, limit: 1 }],
    [
      undefined,
      null,
      [],
      'page',
      { ...page, limit: 2_001 },
      { ...page, limit: 0 },
      { ...page, limit: '10' },
      { ...page, offset: -1 },
      { ...page, offset: 0.5 },
      { ...page, offset: Number.NaN },
      { ...page, subject: elsewhere },
      { ...page, view: { ...view, filter: 1 } },
      { ...page, view: { ...view, columns: [null] } },
      { ...page, view: { ...view, sort: [{ column: 'id', descending: 'yes' }] } },
      { view, offset: 0 },
    ],
  ],
  ['rows.count', rowsChecks.count, [{ filter: null }, { filter: '' }], [{}, { filter: {} }, { filter: null, subject: elsewhere }]],
  ['rows.row', rowsChecks.row, [{ view, offset: 3 }], [{ view, offset: 3, limit: 4 }]],
  [
    'rows.exportRows',
    rowsChecks.exportRows,
    [{ view, format: 'csv' }],
    [
      { view, format: 'exe' },
      { view, format: '__proto__' },
      { view, format: 'csv', path: '/root/.bashrc' },
    ],
  ],
  ['rows.openNeighbours', rowsChecks.openNeighbours, [{ column: 'v', key: ['1', '2'] }], [{ column: 'v', key: '1' }, { column: 'v' }]],
  ['rows.ready', rowsChecks.ready, [{}], [null, { subject: elsewhere }]],
  ['rows.copyText', rowsChecks.copyText, [{ text: '' }], [{ text: ['a'] }, {}]],
  [
    'row diff.equalRows',
    rowDiffChecks.equalRows,
    [{ after: '1', before: null, limit: 200 }],
    [
      { after: 1, before: null, limit: 200 },
      { after: null, before: null, limit: 1e6 },
      { after: null, before: null, limit: 1, target: {} },
    ],
  ],
  [
    'neighbours.search',
    neighboursChecks.search,
    [
      byRow,
      { ...byRow, query: { kind: 'vector', vector: '[1]' }, metric: 'l2', effort: 400, compare: false },
      { ...byRow, query: { kind: 'text', text: 'a' } },
    ],
    [
      { ...byRow, k: 0 },
      { ...byRow, metric: 'cosine; DROP TABLE a' },
      { ...byRow, query: { kind: 'text', text: 'a', address: 'http://elsewhere.example' } },
      { ...byRow, query: { kind: 'row', key: [{}] } },
      { ...byRow, oversampling: 101 },
      { ...byRow, target: {} },
      { ...byRow, schema: 'pg_catalog' },
    ],
  ],
  [
    'neighbours.askSource',
    neighboursChecks.askSource,
    [byRow],
    [
      { ...byRow, input: { kind: 'plan', path: '/etc/other.sluice.json', text: '{}' } },
      { ...byRow, k: 0 },
    ],
  ],
  [
    'neighbours.measureRecall',
    neighboursChecks.measureRecall,
    [{ k: 10, metric: 'cosine', filter: 'a = 1' }],
    [
      { k: 10, metric: 'cosine', filter: null, rows: 1e9 },
      { k: 0, metric: null, filter: null },
    ],
  ],
  [
    'vectorMap.draw',
    vectorMapChecks.draw,
    [drawing, { ...drawing, projection: 'umap', sample: null, colour: 'kind' }],
    [
      { ...drawing, projection: 'tsne' },
      { ...drawing, sample: 0 },
      { ...drawing, sample: 100_001 },
      { ...drawing, seed: -1 },
      { ...drawing, seed: 2 ** 31 },
      { ...drawing, seed: '7) OR (1' },
      { ...drawing, table: 'secrets' },
      { ...drawing, request: 'x' },
    ],
  ],
  [
    'vectorMap.names',
    vectorMapChecks.names,
    [{ picture: 1, points: [0, 99_999] }],
    [{ picture: 1, points: [100_000] }, { picture: 1, points: [0.5] }, { picture: 1, points: new Array(2_001).fill(0) }, { points: [0] }],
  ],
  [
    'vectorMap.nearest',
    vectorMapChecks.nearest,
    [{ picture: 1, point: 3, k: 10 }],
    [
      { picture: 1, point: 3 },
      { picture: 1, key: ['1'], k: 10 },
    ],
  ],
  ['report.save', reportChecks.save, [{ format: 'md' }], [{ format: 'sh' }, { format: 'md', path: '/tmp/a' }]],
];

describe('what a page may send', () => {
  for (const [method, check, taken, refused] of cases) {
    it(method, () => {
      for (const params of taken) assert.equal(check(params), true, JSON.stringify(params));
      for (const params of refused) assert.equal(check(params), false, JSON.stringify(params));
    });
  }

  it('takes no field that only a prototype has', () => {
    assert.equal(rowsChecks.count(Object.create({ filter: null })), false);
    assert.equal(rowsChecks.count(JSON.parse('{"filter":null,"__proto__":{}}')), false);
  });
});
