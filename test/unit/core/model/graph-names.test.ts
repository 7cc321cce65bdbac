import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatEdgeEnd,
  formatGraphTable,
  graphLists,
  meantEdgeEnd,
  parseEdgeEnd,
  parseGraphTable,
  type GraphEdges,
  type GraphTable,
} from '../../../../src/core/model/graph-names.ts';

const names: readonly (readonly [GraphTable, string])[] = [
  [{ node: 'Report' }, 'node Report'],
  [{ object: 'Note' }, 'object Note'],
  [{ edge: 'about', source: 'A', target: 'B' }, 'edge about A B'],
  [{ edge: 'about', target: 'B' }, 'edge about ? B'],
  [{ edge: 'about' }, 'edge about ? ?'],
  [{ graph: 'users' }, 'users'],
  [{ node: 'a b?%' }, 'node a%0020b%003f%0025'],
  [{ node: '' }, 'node %'],
];

const word = fc.string({ unit: 'binary', maxLength: 6 });
const edges: fc.Arbitrary<GraphEdges> = fc.record(
  { edge: word, source: word, target: word },
  { requiredKeys: ['edge'], noNullPrototype: true },
);

describe('names of tables of a graph', () => {
  for (const [table, name] of names)
    it(name, () => {
      assert.equal(formatGraphTable(table), name);
      assert.deepEqual(parseGraphTable(name), table);
    });

  it('lead back to any table, whatever a class is called', () => {
    const table = fc.oneof<fc.Arbitrary<GraphTable>[]>(
      fc.record({ node: word }, { noNullPrototype: true }),
      fc.record({ object: word }, { noNullPrototype: true }),
      edges,
      fc.record({ graph: fc.constantFrom(...graphLists) }, { noNullPrototype: true }),
    );
    fc.assert(fc.property(table, (one) => assert.deepEqual(parseGraphTable(formatGraphTable(one)), one)));
  });

  it('and to any end of an edge', () =>
    fc.assert(
      fc.property(edges, fc.constantFrom('source' as const, 'target' as const), (edge, end) =>
        assert.deepEqual(parseEdgeEnd(formatEdgeEnd({ edge, end })), { edge, end }),
      ),
    ));

  for (const text of ['Report', 'node', 'node a b', 'edge a', 'edge a b', 'edge ? a b', 'anchor', 'node a%zz', ''])
    it(`"${text}" is none`, () => assert.equal(parseGraphTable(text), null));

  it('an end that is left open may be any, if that is one', () => {
    const all = ['source of edge e A B', 'source of edge e C B', 'target of edge e B D'];
    assert.equal(meantEdgeEnd(all, { edge: { edge: 'e', source: 'A' }, end: 'source' }), all[0]);
    assert.equal(meantEdgeEnd(all, { edge: { edge: 'e' }, end: 'target' }), all[2]);
    assert.equal(meantEdgeEnd(all, { edge: { edge: 'e' }, end: 'source' }), null);
    assert.equal(meantEdgeEnd(all, { edge: { edge: 'f' }, end: 'source' }), null);
  });
});
