import assert from 'node:assert/strict';
import type { Neighbour, NeighboursResult } from '../../../src/core/model/neighbours.ts';
import type { RowsColumn } from '../../../src/core/model/rows.ts';
import { distanceText, similarityText, speedText } from '../../../webview/shared/figures.ts';
import { matchLists } from '../../../webview/neighbours/match-lists.ts';
import { factLine, rowWords, titleColumn } from '../../../webview/shared/payload.ts';
import { goBack, initialState, refine, startFrom, walkTo, type SearchState } from '../../../webview/neighbours/search-state.ts';

function neighbour([name, distance]: readonly [name: string, distance: number]): Neighbour {
  return { key: [name], exactRank: null, distance, similarity: 1 - distance, row: [] };
}

function lists(
  exact: readonly (readonly [string, number])[],
  indexed: readonly (readonly [string, number])[] | null,
): Pick<NeighboursResult, 'exact' | 'indexed'> {
  const index = { name: 'i', method: 'hnsw', label: 'hnsw', opclass: 'vector_l2_ops', metric: 'l2', options: {}, bytes: 0 } as const;
  return {
    exact: { seconds: 0, neighbours: exact.map(neighbour) },
    indexed: indexed === null ? null : { seconds: 0, neighbours: indexed.map(neighbour), index, used: true, candidates: null },
  };
}

describe('matchLists', () => {
  const shown = (result: Pick<NeighboursResult, 'exact' | 'indexed'>): unknown => {
    const matched = matchLists(result);
    const words = (rows: typeof matched.exact): string[] => rows.map((row) => `${row.neighbour.key[0]} ${row.match} ${row.otherRank}`);
    return [words(matched.exact), matched.indexed === null ? null : words(matched.indexed), matched.largestShift];
  };
  it('tells what was lost, what is new and what moved', () => {
    assert.deepEqual(
      shown(
        lists(
          [
            ['a', 1],
            ['b', 2],
            ['c', 3],
          ],
          [
            ['a', 1],
            ['c', 3],
            ['d', 4],
          ],
        ),
      ),
      [['a found 1', 'b lost null', 'c found 2'], ['a found 1', 'c found 3', 'd new null'], 1],
    );
  });
  it('does not blame the index for another row at the same distance', () => {
    assert.deepEqual(
      shown(
        lists(
          [
            ['a', 1],
            ['b', 2],
          ],
          [
            ['a', 1],
            ['z', 2],
          ],
        ),
      ),
      [['a found 1', 'b tied null'], ['a found 1', 'z tied null'], 0],
    );
  });
  it('takes one list alone, and empty ones', () => {
    assert.deepEqual(shown(lists([['a', 1]], null)), [['a found null'], null, null]);
    assert.deepEqual(shown(lists([], [])), [[], [], null]);
  });
});

describe('words of a row', () => {
  const column = (name: string, type: string, key: number | null = null): RowsColumn => {
    return { name, type, key, nullable: true, align: 'left', vector: null, references: null };
  };
  const titles: readonly (readonly [columns: readonly RowsColumn[], title: string | null])[] = [
    [[column('id', 'bigint', 0), column('note', 'text'), column('title', 'text')], 'title'],
    [[column('id', 'text', 0), column('note', 'text')], 'note'],
    [[column('doc_name', 'character varying(20)'), column('text', 'text')], 'doc_name'],
    [[column('id', 'bigint', 0), column('amount', 'numeric')], 'id'],
    [[column('title', 'integer'), column('memo', 'text')], 'memo'],
    [[], null],
  ];
  for (const [columns, title] of titles)
    it(`names a row of (${columns.map(({ name }) => name).join(', ')}) by ${title}`, () =>
      assert.equal(columns[titleColumn(columns)]?.name ?? null, title));

  it('keeps long texts, keys and NULLs out of the facts in a line', () => {
    const columns = [
      column('id', 'bigint', 0),
      column('title', 'text'),
      column('body', 'text'),
      column('kind', 'text'),
      column('note', 'text'),
    ];
    const words = rowWords(columns, ['7', 'A\n title', 'long '.repeat(20), 'water', null], ['7']);
    assert.deepEqual([words.title, words.body?.length, factLine(words)], ['A title', 100, 'water']);
    assert.equal(rowWords(columns, ['7', null, null, null, null], ['7']).title, '7');
    assert.equal(rowWords(columns, ['7', { text: 'begins', cut: 900 }, null, null, null], ['7']).title, 'begins… (900 characters)');
  });
});

describe('figures', () => {
  it('fit their column', () => {
    assert.deepEqual([0.0412, 12.34567, 123.4567, 4321.98, 1e9, -3].map(distanceText), [
      '0.0412',
      '12.346',
      '123.46',
      '4322.0',
      '1.000e+9',
      '-3.0000',
    ]);
    assert.deepEqual([0.9588, 12.345, 250.55, 4321.98, 1e9].map(similarityText), ['0.959', '12.35', '250.6', '4322', '1.00e+9']);
  });
  it('say how much faster the index is, when it is', () => {
    assert.deepEqual(
      [speedText(0.0418, 0.0019), speedText(3, 1), speedText(1, 1), speedText(1, 2), speedText(0, 1)],
      ['22× faster', '3.0× faster', null, '2.0× slower', null],
    );
  });
});

describe('search state', () => {
  const subject = { profile: 'p', schema: 's', table: 't', column: 'c', key: ['1'] };
  const init = { subject, dimensions: 2, columns: [], indexes: [], embedding: null };
  const start: SearchState = initialState(init, undefined);
  it('starts from the row that the panel was opened with', () => {
    assert.deepEqual(start, {
      search: { query: { kind: 'row', key: ['1'] }, k: 10, metric: null, filter: null, effort: null, oversampling: null },
      trail: [],
    });
    assert.equal(initialState({ ...init, subject: { ...subject, key: null } }, undefined).search, null);
  });
  it('walks and goes back', () => {
    const walked = walkTo(walkTo(start, ['2']), ['3']);
    assert.deepEqual([walked.search?.query, walked.trail], [{ kind: 'row', key: ['3'] }, [['1'], ['2']]]);
    const back = goBack(walked);
    assert.deepEqual([back?.search?.query, back?.trail], [{ kind: 'row', key: ['2'] }, [['1']]]);
    assert.equal(goBack(start), null);
    const pasted = walkTo(startFrom(start, { kind: 'vector', vector: '[1]' }), ['2']);
    assert.deepEqual(pasted.trail, [], 'a pasted vector is no row to go back to');
    assert.equal(Array.from({ length: 300 }).reduce<SearchState>((state, _, i) => walkTo(state, [String(i)]), start).trail.length, 100);
  });
  it('keeps refinements while walking', () => {
    assert.deepEqual(walkTo(refine(start, { k: 5, filter: 'x' }), ['2']).search, {
      ...start.search,
      k: 5,
      filter: 'x',
      query: { kind: 'row', key: ['2'] },
    });
    const none = { search: null, trail: [] };
    assert.equal(refine(none, { k: 5 }), none);
  });
  it('takes up what was kept for the same column and row only', () => {
    const kept = { subject, ...walkTo(start, ['2']) };
    assert.deepEqual(initialState(init, kept), { search: kept.search, trail: [['1']] });
    assert.deepEqual(initialState({ ...init, subject: { ...subject, key: ['9'] } }, kept).search?.query, { kind: 'row', key: ['9'] });
    assert.deepEqual(initialState(init, { ...kept, subject: { ...subject, table: 'u' } }), start);
  });
});
