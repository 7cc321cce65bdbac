import assert from 'node:assert/strict';
import { assertGolden } from '../../../helpers/golden.ts';
import { compilePlan } from '../../../../src/core/plan/compile-plan.ts';
import { planHash } from '../../../../src/core/plan/plan-hash.ts';
import { readPlan } from '../../../../src/core/plan/read-plan.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';
import { writePlan } from '../../../../src/core/plan/write-plan.ts';
import { goldenPlan, goldenPlans } from './golden-plans.ts';

const systems = ['conversation-ai', 'conversation-ai-whole', 'council', 'dira', 'rca', 'widgettdc', 'widgettdc-strict'];

describe('plans of the five reference systems', () => {
  it('are all there', () => assert.deepEqual([...goldenPlans().keys()].toSorted(), systems));

  for (const name of systems) {
    it(`${name}: nothing is wrong with it`, () => assert.deepEqual(validatePlan(goldenPlan(name)).problems, []));

    it(`${name}: written and read again it is the same plan`, () => {
      const plan = readPlan(goldenPlan(name), { path: name });
      const text = writePlan(plan);
      assert.deepEqual(readPlan(text, { path: name }), plan);
      assert.equal(writePlan(readPlan(text, { path: name })), text);
      assert.equal(planHash(readPlan(text, { path: name })), planHash(plan));
    });
  }

  it('keep their hashes', () => {
    const hashes = systems.map((name) => `${planHash(readPlan(goldenPlan(name), { path: name }))}  ${name}`);
    assertGolden('plans/hashes.txt', `${hashes.join('\n')}\n`);
  });

  // As if conversations began on 2022-03-04 and the last were of 2024-12-31.
  const partitions = { 'public.conversations': { first: '699667200000000', last: '789004799999999' } };

  for (const name of ['widgettdc', 'widgettdc-strict', 'council', 'conversation-ai', 'conversation-ai-whole', 'rca', 'dira']) {
    it(`${name}: its statements`, () => {
      const { preData, postData } = compilePlan(readPlan(goldenPlan(name), { path: name }), { partitions });
      const lines = [...preData, ...postData].map(
        ({ section, sql, hazards }) => `-- ${[section, ...hazards.map((h) => `${h.code}: ${h.message}`)].join('; ')}\n${sql};\n`,
      );
      assertGolden(`ddl/${name}.sql`, lines.join('\n'));
    });
  }
});
