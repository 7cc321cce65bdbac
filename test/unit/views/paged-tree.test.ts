import assert from 'node:assert/strict';
import type { SluiceNode } from '../../../src/views/nodes.ts';
import { PagedTree } from '../../../src/views/paged-tree.ts';
import { plainText } from '../../helpers/plain-text.ts';

const nodes = (count: number): SluiceNode[] => Array.from({ length: count }, (_, n) => ({ kind: 'store', path: `/${n}` }));

describe('long lists in a tree', () => {
  let count: number;
  let tree: PagedTree;
  beforeEach(() => {
    count = 450;
    const children = (node: SluiceNode | undefined): SluiceNode[] => (node === undefined ? nodes(count) : []);
    tree = new PagedTree({ children, item: () => ({ label: '', state: 'leaf', context: '' }) }, 'sluice.sources', plainText);
  });

  it('show 200 and offer more until all are there', () => {
    for (const [shown, left] of [
      [200, '250 not shown'],
      [400, '50 not shown'],
    ] as const) {
      const children = tree.children(undefined);
      const last = children.at(-1);
      assert.equal(children.length, shown + 1);
      assert.ok(last?.kind === 'load-more');
      assert.equal(tree.item(last).description, left);
      assert.equal(tree.item(last).command?.id, 'sluice.loadMore');
      assert.equal(tree.more(last), undefined, 'the root is drawn again');
    }
    const all = tree.children(undefined);
    assert.deepEqual([all.length, all.at(-1)?.kind], [450, 'store']);
  });

  it('give the same object for the same node', () => {
    const [first] = tree.children(undefined);
    assert.equal(tree.children(undefined)[0], first);
    assert.equal(tree.drawn({ kind: 'store', path: '/0' }), first);
    assert.equal(tree.drawn({ kind: 'store', path: '/449' }), undefined);
  });

  it('that just fit offer nothing', () => {
    count = 200;
    assert.equal(tree.children(undefined).length, 200);
  });
});
