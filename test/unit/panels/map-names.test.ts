import assert from 'node:assert/strict';
import type { RowsColumn } from '../../../src/core/model/rows.ts';
import { defaultColour, factsOf, MapNames } from '../../../src/panels/map-names.ts';
import { rowsCondition } from '../../../src/panels/row-condition.ts';

const column = (name: string, type = 'text', key: number | null = null): RowsColumn => ({
  name,
  type,
  key,
  nullable: true,
  align: 'left',
  vector: null,
  references: null,
});
const columns = [column('id', 'integer', 0), column('title'), column('category'), column('body')];

describe('names of the points of a map', () => {
  const names = new MapNames([['1'], ['2'], ['3', 'x']], ['Zebra\n crossing', null, 'apple']);

  it('are labels in one line, keys where there is none', () => {
    assert.deepEqual(
      [0, 1, 2].map((point) => names.of(point)),
      [
        { title: 'Zebra crossing', id: '1' },
        { title: '2', id: '2' },
        { title: 'apple', id: '3, x' },
      ],
    );
  });

  it('are found by a part of label or key, and sorted', () => {
    assert.deepEqual([...names.find('ZEBRA')], [0]);
    assert.deepEqual([...names.find('3, x')], [2]);
    assert.deepEqual([...names.find('nothing')], []);
    assert.deepEqual([...names.order()], [1, 0, 2]);
  });

  it('lead from a row of a search to its point, or say that it is none', () => {
    assert.deepEqual(names.named(['2'], columns, ['2', 'Two', 'a', 'b']), { title: 'Two', id: '2', point: 1 });
    assert.deepEqual(names.named(['9'], columns, ['9', null, 'a', 'b']), { title: '9', id: '9', point: null });
  });

  it('have short values beside them, no key, no label and nothing long', () => {
    assert.equal(factsOf(columns, ['1', 'Title', 'water', 'x'.repeat(60)]), 'water');
  });

  it('are coloured at first by a column that looks like a category', () => {
    assert.equal(defaultColour(columns), 'category');
    assert.equal(defaultColour([column('type', 'integer', 0), column('node_type'), column('note')]), 'node_type');
    assert.equal(defaultColour([column('title'), column('status', 'jsonb')]), null);
  });
});

describe('a condition for several rows', () => {
  it('lists a key of one column, and joins keys of several', () => {
    assert.equal(rowsCondition(columns, [['1'], ["it's"]]), `"id" IN ('1', 'it''s')`);
    assert.equal(rowsCondition(columns, [['1']]), `"id" = '1'`);
    const two = [column('a', 'text', 1), column('b', 'text', 0)];
    assert.equal(
      rowsCondition(two, [
        ['x', 'y'],
        ['z', 'w'],
      ]),
      `("b" = 'x' AND "a" = 'y') OR ("b" = 'z' AND "a" = 'w')`,
    );
    assert.equal(rowsCondition([column('title')], [['(0,1)'], ['(0,2)']]), `ctid IN ('(0,1)', '(0,2)')`);
    assert.equal(rowsCondition(columns, []), 'false');
  });
});
