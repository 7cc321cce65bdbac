import assert from 'node:assert/strict';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';

describe('parity queries of a plan', () => {
  const problems = (sources: readonly string[], parity: readonly object[]): readonly string[] => {
    const stores = Object.fromEntries(sources.map((name) => [name, { kind: 'sqlite', path: `${name}.db` }]));
    const plan = { version: 1, name: 'x', sources: stores, target: { profile: 'embedded' }, tables: [table], parity };
    return validatePlan(JSON.stringify(plan)).problems.map(({ message }) => message);
  };
  const table = { source: 'a', from: 't', to: 't', columns: [{ from: 'id', to: 'id', type: 'bigint' }] };
  const pair = { name: 'n', source: 'SELECT 1', target: 'SELECT 1' };

  it('need no source where there is one', () => assert.deepEqual(problems(['a'], [pair]), []));
  it('say which source where there are several', () => {
    assert.deepEqual(problems(['a', 'b'], [{ ...pair, on: 'b' }]), []);
    assert.deepEqual(problems(['a', 'b'], [pair]), ['Parity query "n" does not say which source it asks: "on" is one of a, b.']);
  });
  it('name a source that is there', () => assert.deepEqual(problems(['a'], [{ ...pair, on: 'c' }]), ['There is no source "c": a.']));
});
