import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadSequence } from '../../../../src/core/run/existing/load-sequence.ts';

describe('loadSequence', () => {
  type Labels = Record<string, readonly string[]>;
  const cases: readonly (readonly [string, Labels, Labels, Labels])[] = [
    ['parents first', { child: ['parent'], parent: [] }, { child: ['parent'], parent: [] }, {}],
    ['a table that is not of the run does not count', { child: ['elsewhere'] }, { child: [] }, {}],
    ['a table does not wait for itself', { tree: ['tree'] }, { tree: [] }, { tree: ['tree'] }],
    [
      'a circle begins somewhere',
      { a: ['b'], b: ['c'], c: ['a'] },
      { c: [], b: ['c'], a: ['b'] },
      { a: ['a', 'b', 'c'], b: ['a', 'b', 'c'], c: ['a', 'b', 'c'] },
    ],
    [
      'who refers to one of a circle waits for all of it',
      { a: ['b'], b: ['a'], child: ['b'], other: ['child'] },
      { b: [], a: ['b'], child: ['a', 'b'], other: ['child'] },
      { a: ['a', 'b'], b: ['a', 'b'] },
    ],
  ];
  for (const [title, parents, after, circles] of cases) {
    it(title, () => {
      const found = loadSequence(Object.keys(parents), (label) => parents[label] ?? []);
      const circular = [...found.circles].filter(([, circle]) => circle.length > 0);
      assert.deepEqual([Object.fromEntries(found.after), Object.fromEntries(circular)], [after, circles]);
    });
  }

  it('never lets tables wait for each other', () => {
    const labels = ['a', 'b', 'c', 'd', 'e'];
    const graph = fc.record(Object.fromEntries(labels.map((label) => [label, fc.subarray(labels)])));
    fc.assert(
      fc.property(graph, (parents: Record<string, readonly string[]>) => {
        const { after } = loadSequence(labels, (label) => parents[label] ?? []);
        const loaded = new Set<string>();
        for (let round = 0; round < labels.length; round++)
          for (const label of labels) if ((after.get(label) ?? []).every((parent) => loaded.has(parent))) loaded.add(label);
        assert.equal(loaded.size, labels.length);
      }),
    );
  });
});
