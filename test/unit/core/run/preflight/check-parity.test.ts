import assert from 'node:assert/strict';
import { planSchema } from '../../../../../src/core/plan/plan-schema.ts';
import type { FrozenSources } from '../../../../../src/core/run/frozen-sources.ts';
import { checkParity } from '../../../../../src/core/run/preflight/check-parity.ts';

const plan = planSchema.parse({
  version: 1,
  name: 'several',
  sources: { app: { kind: 'sqlite', path: 'app.db' }, facts: { kind: 'delimited', path: 'facts.csv' } },
  target: { profile: 'embedded' },
  tables: [],
  parity: [
    { name: 'of the first', source: 'SELECT 1', target: 'SELECT 1' },
    { name: 'of the file', on: 'facts', source: 'SELECT 1', target: 'SELECT 1' },
  ],
});
const sourcesOf = (...kinds: readonly (readonly [name: string, kind: string, sql: boolean])[]): FrozenSources =>
  new Map(kinds.map(([name, kind, sql]) => [name, { snapshot: { kind, capabilities: { sql } } }])) as unknown as FrozenSources;

describe('parity queries of stores without SQL', () => {
  it('are refused by their names, each with its store', () => {
    const found = checkParity({ plan, overrides: {} }, sourcesOf(['app', 'json', false], ['facts', 'delimited', false]));
    assert.deepEqual(
      found.map(({ severity, error }) => [severity, error.code, error.context['queries']]),
      [['error', 'parity-without-sql', ['"of the first" (app: json)', '"of the file" (facts: delimited)']]],
    );
    assert.match(found[0]?.error.message ?? '', /"of the first" \(app: json\)/);
  });

  it('those of stores with SQL are not, nor are those that a run of some tables skips', () => {
    assert.deepEqual(checkParity({ plan, overrides: {} }, sourcesOf(['app', 'sqlite', true], ['facts', 'parquet', true])), []);
    assert.deepEqual(checkParity({ plan, overrides: { tables: ['a'] } }, sourcesOf(['facts', 'delimited', false])), []);
  });
});
