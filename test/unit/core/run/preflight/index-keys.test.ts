import assert from 'node:assert/strict';
import type { CatalogIndex, CatalogTable } from '../../../../../src/core/model/catalog.ts';
import { planSchema, type PlanInput } from '../../../../../src/core/plan/plan-schema.ts';
import { indexKeysOf } from '../../../../../src/core/run/preflight/index-keys.ts';

type IndexInput = NonNullable<PlanInput['tables'][number]['indexes']>[number];

const column = (name: string, declared: string): CatalogTable['columns'][number] => ({
  ...{ name, declared, nullable: true, default: null, generated: null, identity: false, collation: null },
});
const index = (name: string, expression: string, where: string | null = null): CatalogIndex => ({
  ...{ name, unique: false, method: null, where, definition: null },
  parts: [{ column: null, expression, descending: false, collation: null }],
});

const catalog: CatalogTable = {
  ...{ name: 't', schema: null, primaryKey: [], uniques: [], checks: [], foreignKeys: [], nextIdentity: null, rows: 1, notes: [] },
  columns: [column('a', 'TEXT'), column('n', 'INTEGER'), column('c', 'TEXT')],
  indexes: [index('Upper', 'upper(a)'), index('some', 'upper(a)', 'n > 1')],
};

/** What is measured of one index of the plan, in short: `exact`, `may` or `unknown`, the parts, and the condition. */
function measured(planned: IndexInput): string | null {
  const plan = planSchema.parse({
    ...{ version: 1, name: 'p', sources: { main: { kind: 'sqlite', path: 'p.db' } }, target: { profile: 'embedded' } },
    options: { identifiers: 'lower' },
    tables: [
      {
        ...{ source: 'main', from: 't', to: 't', indexes: [planned] },
        columns: [
          { from: 'a', to: 'a', type: 'text' },
          { from: 'n', to: 'n', type: 'bigint' },
          { from: 'c', to: 'c', type: 'text', convert: 'text' },
        ],
      },
    ],
  });
  const [table] = plan.tables;
  const [found] = table === undefined ? [] : indexKeysOf(table, catalog, plan.options.identifiers);
  if (found === undefined) return null;
  if (found.key === null) return 'unknown';
  const parts = found.key.parts.map((part) => ('column' in part ? part.column : `(${part.expression})`));
  return `${found.exact ? 'exact' : 'may'} ${parts.join(', ')}${found.key.where === null ? '' : ` where ${found.key.where}`}`;
}

describe('S46 what is measured of partial and expression indexes', () => {
  const cases: readonly (readonly [what: string, index: IndexInput, expected: string | null])[] = [
    ['columns alone are measured with the rows', { columns: ['a'] }, null],
    ['another method has other limits', { columns: ['a'], where: 'n > 1', method: 'hash' }, null],
    ['a number is short', { columns: ['n'], where: 'n > 1' }, null],
    ['an expression as the store has it', { name: 'upper', columns: [{ expression: 'upper("a")' }] }, 'exact (upper(a))'],
    ['an expression that was changed in the plan', { name: 'upper', expression: 'upper("a") || 1' }, 'may (upper(a))'],
    ['an index that the store does not have', { name: 'mine', expression: 'upper("a")' }, 'unknown'],
    ['a condition as the store has it', { name: 'some', expression: 'upper("a")', where: '("n" > 1)' }, 'exact (upper(a)) where n > 1'],
    ['a condition that was changed: any row may be in the index', { name: 'some', columns: ['a'], where: '"n" < 1' }, 'may a'],
    ['a text without case is as long as with it', { expression: 'lower("a" COLLATE "C")' }, 'exact a'],
    ['values that are converted', { columns: ['c'], where: '"n" < 1' }, 'may c'],
    ['a sum is short', { expression: 'md5("a")' }, null],
    ['a sum and more is not', { expression: 'md5("a") || "a"' }, 'unknown'],
    ['a beginning is short', { expression: 'left("a", 100)' }, null],
    ['a long beginning is not', { expression: 'left("a", 1000)' }, 'unknown'],
    ['two beginnings are not looked into', { expression: 'left("a", 100) || left("a", 100)' }, 'unknown'],
  ];
  for (const [what, planned, expected] of cases) it(what, () => assert.equal(measured(planned), expected));
});
