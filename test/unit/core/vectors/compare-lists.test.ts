import assert from 'node:assert/strict';
import type { Neighbour } from '../../../../src/core/model/neighbours.ts';
import { compareLists, type ListedRow, type NearSourceRow, type SourceSearchResult } from '../../../../src/core/vectors/compare-lists.ts';

const tolerance = 1e-6;

/** Rows of the target's list by key, with what pgvector said of them. */
const target = (...rows: readonly (readonly [key: string, distance: number])[]): readonly Neighbour[] =>
  rows.map(([key, distance]) => ({ key: [key], exactRank: null, distance, similarity: 1 - distance, row: [] }));

const near = (key: string, ordering: number, listed: number | null, inTarget: NearSourceRow['inTarget'] = 'same'): NearSourceRow => ({
  listed,
  inTarget,
  key: [key],
  ordering,
  tolerance,
  provenance: `rowid ${key}`,
});

const listed = (ordering: number | null, inSource: ListedRow['inSource'] = ordering === null ? 'missing' : 'same'): ListedRow => ({
  inSource,
  ordering,
  tolerance,
  provenance: ordering === null ? null : 'somewhere',
});

const search = (
  nearest: readonly NearSourceRow[],
  rows: readonly ListedRow[],
  query: SourceSearchResult['query'] = 'same',
): SourceSearchResult => ({
  nearest,
  listed: rows,
  query,
  rows: 100,
  rejected: 0,
});

const summary = (metric: 'cosine' | 'ip', list: readonly Neighbour[], found: SourceSearchResult) => {
  const { agrees, sameOrder, places, differences } = compareLists(metric, list, found);
  return [
    agrees,
    `${sameOrder}/${places}`,
    differences.map(({ reason, key, sourceRank, targetRank }) => [reason, key[0], sourceRank, targetRank]),
  ];
};

describe('the lists of source and target', () => {
  const abc = target(['a', 0.1], ['b', 0.2], ['c', 0.3]);

  it('agree when they are alike', () => {
    const found = search([near('a', 0.1, 0), near('b', 0.2, 1), near('c', 0.3, 2)], [listed(0.1), listed(0.2), listed(0.3)]);
    assert.deepEqual(summary('cosine', abc, found), [true, '3/3', []]);
    assert.deepEqual(
      compareLists('cosine', abc, found).neighbours.map(({ key, targetRank, similarity }) => [key, targetRank, similarity]),
      [
        [['a'], 1, 0.9],
        [['b'], 2, 0.8],
        [['c'], 3, 0.7],
      ],
    );
    assert.deepEqual(summary('cosine', [], search([], [], null)), [true, '0/0', []]);
  });

  it('agree when rows that are equally near change places', () => {
    const found = search([near('b', 0.2, 1), near('a', 0.2 + 5e-7, 0), near('c', 0.3, 2)], [listed(0.2 + 5e-7), listed(0.2), listed(0.3)]);
    assert.deepEqual(summary('cosine', abc, found), [true, '3/3', []]);
  });

  it('agree when one of several last ones is taken', () => {
    const found = search([near('a', 0.1, 0), near('b', 0.2, 1), near('d', 0.3, null)], [listed(0.1), listed(0.2), listed(0.3 + 5e-7)]);
    assert.deepEqual(summary('cosine', abc, found), [true, '3/3', []]);
  });

  it('differ in the order by more than rounding', () => {
    const found = search([near('b', 0.2, 1), near('a', 0.21, 0), near('c', 0.3, 2)], [listed(0.21), listed(0.2), listed(0.3)]);
    const [agrees, same, differences] = summary('cosine', abc, found);
    assert.deepEqual([agrees, same], [false, '2/3']);
    assert.equal((differences as readonly unknown[]).length, 1);
    assert.equal((differences as readonly (readonly unknown[])[])[0]?.[0], 'order');
  });

  it('name the row that is missing, and the one that stands in for it', () => {
    const found = search([near('a', 0.1, 0), near('x', 0.15, null, 'missing'), near('b', 0.2, 1)], [listed(0.1), listed(0.2), listed(0.3)]);
    assert.deepEqual(summary('cosine', abc, found), [
      false,
      '2/3',
      [
        ['missing-in-target', 'x', 2, null],
        ['moved-up', 'c', null, 3],
      ],
    ]);
  });

  it('name a row that only the target has', () => {
    const found = search([near('a', 0.1, 0), near('c', 0.3, 2)], [listed(0.1), listed(null), listed(0.3)]);
    assert.deepEqual(summary('cosine', abc, found), [false, '2/3', [['missing-in-source', 'b', null, 2]]]);
  });

  it('name rows with other vectors on either side, also one at the same place', () => {
    const found = search(
      [near('a', 0.1, 0), near('b', 0.2, 1), near('y', 0.25, null, 'vector-differs')],
      [listed(0.1), listed(0.2, 'vector-differs'), listed(0.3)],
    );
    assert.deepEqual(summary('cosine', abc, found), [
      false,
      '1/3',
      [
        ['vector-differs', 'y', 3, null],
        ['vector-differs', 'b', 2, 2],
        ['moved-up', 'c', null, 3],
      ],
    ]);
  });

  it('do not agree when they were searched with different vectors', () => {
    const found = search(
      [near('a', 0.1, 0), near('b', 0.2, 1), near('c', 0.3, 2)],
      [listed(0.1), listed(0.2), listed(0.3)],
      'vector-differs',
    );
    assert.deepEqual(summary('cosine', abc, found), [false, '3/3', []]);
  });

  it('a row without a key that is not in the list is told as missing', () => {
    const found = search([near('a', 0.1, 0), near('?', 0.12, null, 'unknown'), near('b', 0.2, 1)], [listed(0.1), listed(0.2), listed(0.3)]);
    assert.equal((summary('cosine', abc, found)[2] as readonly (readonly unknown[])[])[0]?.[0], 'missing-in-target');
  });

  it('tell inner products as they are', () => {
    const [first] = compareLists('ip', target(['a', 5]), search([near('a', -5, 0)], [listed(-5)])).neighbours;
    assert.deepEqual([first?.distance, first?.similarity], [5, 5]);
  });
});
