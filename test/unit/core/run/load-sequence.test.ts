import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadSequence } from '../../../../src/core/run/existing/load-sequence.ts';

describe('loadSequence', () => {
  const cases: readonly (readonly [string, Record<string, readonly string[]>, Record<string, readonly string[]>, readonly string[]])[] = [
    ['parents first', { child: ['parent'], parent: [] }, { child: ['parent'], parent: [] }, []],
    ['a table that is not of the run does not count', { child: ['elsewhere'] }, { child: [] }, []],
    ['nor does the table itself', { tree: ['tree'] }, { tree: [] }, []],
    ['a circle begins somewhere', { a: ['b'], b: ['c'], c: ['a'] }, { c: [], b: ['c'], a: ['b'] }, ['c']],
  ];
  for (const [title, parents, after, circular] of cases) {
    it(title, () => {
      const found = loadSequence(Object.keys(parents), (label) => parents[label] ?? []);
      assert.deepEqual([Object.fromEntries(found.after), found.circular], [after, circular]);
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
