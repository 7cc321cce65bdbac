import assert from 'node:assert/strict';
import { nodeProblem } from '../../../src/cli/node-problem.ts';

describe('Node version', () => {
  for (const version of ['22.0.0', '24.21.0', '100.0.0']) it(`${version} is fit`, () => assert.equal(nodeProblem(version), null));
  for (const version of ['21.9.9', '20.19.0', '8.1.0']) {
    it(`${version} is refused with a remedy`, () => {
      const problem = nodeProblem(version);
      assert.equal(problem?.code, 'node-too-old');
      assert.ok(problem.message.includes(version) && problem.remedy.length > 0);
    });
  }
});
