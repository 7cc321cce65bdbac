import assert from 'node:assert/strict';
import { diffLists } from '../../../../src/core/diff/diff-lists.ts';

interface Item {
  readonly name: string;
  readonly value: number;
}

const item = (name: string, value = 0): Item => ({ name, value });
const byName = { name: (a: Item) => a.name, equal: (a: Item, b: Item) => a.value === b.value };

describe('diffLists', () => {
  it('tells adds, deletes and alters apart, in the order of the lists', () => {
    const found = diffLists([item('a'), item('b', 1), item('c')], [item('d'), item('b', 2), item('c')], byName);
    assert.deepEqual(found, {
      adds: [item('d')],
      deletes: [item('a')],
      alters: [{ before: item('b', 1), after: item('b', 2) }],
      same: [{ before: item('c'), after: item('c') }],
    });
  });

  it('of equal lists nothing differs', () => {
    const { adds, deletes, alters } = diffLists([item('a'), item('b')], [item('b'), item('a')], byName);
    assert.deepEqual([adds, deletes, alters], [[], [], []]);
  });

  it('content goes before names: another name for the same thing is no difference', () => {
    const rules = { ...byName, content: (a: Item) => String(a.value) };
    const found = diffLists([item('x', 1), item('y', 2), item('z', 3)], [item('renamed', 1), item('z', 2), item('y', 4)], rules);
    assert.deepEqual(
      found.same.map(({ before, after }) => [before.name, after.name]),
      [
        ['x', 'renamed'],
        ['y', 'z'],
      ],
    );
    assert.deepEqual([found.adds, found.deletes, found.alters], [[item('y', 4)], [item('z', 3)], []]);
  });

  it('twins are matched one to one', () => {
    const rules = { ...byName, content: (a: Item) => String(a.value) };
    const found = diffLists([item('a', 1), item('b', 1)], [item('b', 1), item('c', 1), item('d', 1)], rules);
    assert.deepEqual(
      found.same.map(({ before, after }) => [before.name, after.name]),
      [
        ['b', 'b'],
        ['a', 'c'],
      ],
    );
    assert.deepEqual(found.adds, [item('d', 1)]);
  });
});
