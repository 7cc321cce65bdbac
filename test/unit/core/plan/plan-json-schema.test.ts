import assert from 'node:assert/strict';
import { planJsonSchema } from '../../../../src/core/plan/plan-json-schema.ts';

type Schema = {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items: Schema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
};

describe('planJsonSchema', () => {
  const schema = planJsonSchema() as Schema;

  it('asks for no key that has a default', () => {
    assert.deepEqual(schema.required?.toSorted(), ['name', 'sources', 'tables', 'target', 'version']);
    assert.deepEqual(schema.properties['tables']?.items.required?.toSorted(), ['from', 'source', 'to']);
  });

  it('offers choices, defaults and descriptions to an editor', () => {
    const mode = schema.properties['options']?.properties['mode'];
    assert.deepEqual([mode?.enum, mode?.default], [['create', 'append', 'upsert', 'replace', 'sync'], 'create']);
    assert.match(schema.properties['tables']?.items.properties['columns']?.items.properties['type']?.description ?? '', /vector\(384\)/);
  });

  it('is plain JSON', () => assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema));
});
