import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { planMigration } from '../../src/core/plan/plan-migration.ts';
import { planSchema, type Plan } from '../../src/core/plan/plan-schema.ts';
import { validatePlan } from '../../src/core/plan/validate-plan.ts';
import { writePlan } from '../../src/core/plan/write-plan.ts';
import { migrationInput, readStore } from '../helpers/plan-of-store.ts';

const chinook = resolve(import.meta.dirname, '../../../shared/corpus/sqlite/chinook.sqlite');

describe('the plan for Chinook', () => {
  let plan: Plan;
  let scratch: string;

  before(async function () {
    if (!existsSync(chinook)) return this.skip();
    scratch = await mkdtemp(join(tmpdir(), 'sluice-chinook-'));
    const { plan: written, warnings } = planMigration(migrationInput({ main: await readStore(chinook, scratch) }));
    assert.deepEqual(warnings, []);
    assert.deepEqual(validatePlan(writePlan(written)).problems, []);
    plan = planSchema.parse(written);
  });
  after(async () => {
    if (scratch) await rm(scratch, { recursive: true });
  });

  it('has eleven tables, each with its primary key', () => {
    assert.equal(plan.tables.length, 11);
    for (const { from, primaryKey } of plan.tables)
      assert.deepEqual(primaryKey, from === 'PlaylistTrack' ? ['PlaylistId', 'TrackId'] : [`${String(from)}Id`]);
  });

  it('has its eleven foreign keys and the index of each', () => {
    assert.equal(plan.tables.flatMap(({ foreignKeys }) => foreignKeys).length, 11);
    assert.equal(plan.tables.flatMap(({ indexes }) => indexes).filter(({ name }) => name?.startsWith('IFK_')).length, 11);
  });

  it('keeps its declared types, without a reject', () => {
    const columns = plan.tables.flatMap((table) => table.columns);
    const types = new Set(columns.map(({ type }) => type.replace(/\(\d+\)/, '(n)')));
    assert.deepEqual([...types].sort(), ['bigint', 'numeric(10,2)', 'timestamptz', 'varchar(n)']);
    assert.equal(
      columns.reduce((sum, { expectedRejects }) => sum + expectedRejects, 0),
      0,
    );
  });
});
