import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planHash } from '../../../../src/core/plan/plan-hash.ts';
import { planSchema, type PlanInput } from '../../../../src/core/plan/plan-schema.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';
import { writePlan } from '../../../../src/core/plan/write-plan.ts';
import { columnInput, idColumn, planInput, tableInput } from './plan-input.ts';

describe('writePlan', () => {
  it('leaves defaults out, one column a line, ended by a new line', () => {
    const plan = planInput({
      options: { mode: 'create', onReject: 'quarantine' },
      tables: [
        tableInput('a', {
          include: true,
          columns: [idColumn, columnInput('v', 'numeric(10,2)', { nullable: true, default: { sql: '0' } })],
        }),
      ],
    });
    assert.equal(
      writePlan(plan),
      `{
  "version": 1,
  "name": "test",
  "sources": {
    "main": { "kind": "sqlite", "path": "a.db" }
  },
  "target": { "profile": "embedded" },
  "options": { "onReject": "quarantine" },
  "tables": [
    {
      "source": "main",
      "from": "a",
      "to": "a",
      "columns": [
        { "from": "id", "to": "id", "type": "bigint", "identity": true, "nullable": false },
        { "from": "v", "to": "v", "type": "numeric(10,2)", "default": { "sql": "0" } }
      ],
      "primaryKey": ["id"]
    }
  ]
}
`,
    );
  });

  it('writes keys in one order, whatever order they came in', () => {
    const { version, tables, ...rest } = planInput();
    assert.equal(writePlan({ tables, ...rest, version }), writePlan(planInput()));
  });

  it('breaks what does not fit on a line', () => {
    const text = writePlan(
      planInput({ tables: [tableInput('a', { columns: [columnInput('v', 'text', { evidence: 'x'.repeat(150) })], primaryKey: [] })] }),
    );
    assert.match(text, /\n {8}\{\n {10}"from": "v",\n {10}"to": "v",\n/);
  });

  it('writes what validatePlan reads back as the same plan, with the same hash', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const text = writePlan(plan);
        const read = validatePlan(text).plan;
        assert.deepEqual(read, planSchema.parse(plan));
        assert.equal(writePlan(read as PlanInput), text);
        assert.equal(planHash(read as PlanInput), planHash(plan));
      }),
    );
  });
});

const name = fc.string({ minLength: 1, maxLength: 12 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
// As JSON writes it: -0 becomes 0.
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as never);
const tableName = fc.oneof(name, fc.record({ schema: name, table: name }));
const column = fc.record(
  {
    from: maybe(fc.oneof(name, fc.record({ path: name }), fc.record({ parent: name }), fc.constant({ key: true as const }))),
    to: name,
    type: name,
    identity: fc.boolean(),
    nullable: fc.boolean(),
    default: maybe(fc.oneof(fc.record({ sql: name }), fc.record({ value: json }))),
    convert: maybe(
      fc.oneof(
        name,
        fc.array(fc.record({ when: fc.constantFrom('text' as const, 'any' as const), convert: name }), { minLength: 1 }),
        fc.record({
          name,
          args: fc.dictionary(
            name.filter((key) => key !== '__proto__'),
            json,
            { noNullPrototype: true },
          ),
        }),
      ),
    ),
    nullTokens: maybe(fc.array(name)),
    loss: fc.constantFrom('exact' as const, 'widened' as const, 'rounded' as const),
    evidence: fc.string(),
    expectedRejects: fc.nat(),
  },
  { requiredKeys: ['to', 'type'] },
);
const index = fc.record(
  {
    name,
    columns: fc.array(
      fc.oneof(name, fc.record({ column: name, descending: fc.boolean(), nullsFirst: fc.boolean() }, { requiredKeys: ['column'] })),
    ),
    where: maybe(name),
    method: fc.constantFrom('btree' as const, 'hnsw' as const),
    with: fc.record({ m: fc.nat() }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const table = fc.record(
  {
    source: name,
    from: fc.oneof(name, fc.record({ files: name, as: fc.constantFrom('rows' as const, 'child' as const) }), fc.record({ node: name })),
    include: fc.boolean(),
    to: tableName,
    columns: fc.array(column, { maxLength: 3 }),
    primaryKey: fc.array(name),
    uniques: fc.array(fc.oneof(fc.array(name, { minLength: 1 }), fc.record({ name, columns: fc.array(name, { minLength: 1 }) }))),
    indexes: fc.array(index, { maxLength: 2 }),
    incremental: maybe(fc.oneof(fc.constant({ by: 'hash' as const }), fc.record({ by: fc.constant('watermark' as const), column: name }))),
    seed: fc.array(
      fc.dictionary(
        name.filter((key) => key !== '__proto__'),
        json,
        { noNullPrototype: true, maxKeys: 2 },
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['source', 'from', 'to'] },
);
const plans: fc.Arbitrary<PlanInput> = fc.record(
  {
    version: fc.constant(1 as const),
    name,
    sources: fc.constant({ main: { kind: 'delimited' as const, path: ['a', 'b'], delimiter: ';', header: true } }),
    target: fc.record({ profile: name, schema: name }, { requiredKeys: ['profile'] }),
    options: fc.record(
      { jobs: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 9 })), maxRejects: maybe(fc.nat()) },
      { requiredKeys: [] },
    ),
    tables: fc.array(table, { maxLength: 3 }),
    notes: fc.array(fc.string()),
  },
  { requiredKeys: ['version', 'name', 'sources', 'target', 'tables'] },
);
