import assert from 'node:assert/strict';
import { MigrationError } from '../../../src/core/errors.ts';
import { exitCodeOfError, exitCodeOfRun, exitCodeOfVerification } from '../../../src/cli/exit-code.ts';

const run = (
  status: 'done' | 'partial' | 'failed' | 'cancelled' | 'dry-run',
  verification: 'match' | 'mismatch' | 'skipped',
  rejects = 0,
) => exitCodeOfRun({ status, verification: { status: verification, tables: [] }, rejects });

describe('exit codes', () => {
  for (const [status, verification, rejects, code] of [
    ['done', 'match', 0, 0],
    ['done', 'skipped', 0, 0],
    ['dry-run', 'skipped', 0, 0],
    ['partial', 'match', 3, 3],
    ['done', 'mismatch', 0, 4],
    ['partial', 'mismatch', 3, 4],
    ['failed', 'mismatch', 3, 1],
    ['cancelled', 'mismatch', 3, 130],
  ] as const) {
    it(`run ${status}, verification ${verification}, ${rejects} rejects: ${code}`, () =>
      assert.equal(run(status, verification, rejects), code));
  }

  for (const [code, expected] of [
    ['cancelled', 130],
    ['bad-usage', 2],
    ['invalid-plan', 2],
    ['unknown-target', 2],
    ['target-variable-missing', 2],
    ['bad-target-url', 2],
    ['path-not-found', 2],
    ['wrong-password', 1],
    ['internal', 1],
  ] as const) {
    it(`error ${code}: ${expected}`, () => assert.equal(exitCodeOfError(new MigrationError(code)), expected));
  }

  it('verification', () => {
    assert.equal(exitCodeOfVerification({ status: 'match', tables: [] }), 0);
    assert.equal(exitCodeOfVerification({ status: 'mismatch', tables: [] }), 4);
  });
});
