import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suiteOutcome, sumOf, type Outcome } from '../../../scripts/suite-outcome.ts';

describe('scripts/suite-outcome.ts', () => {
  let folder: string;
  let result: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-outcome-'));
    result = join(folder, 'result.json');
  });
  afterEach(() => rmSync(result, { force: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Mocha as the test command starts it, on one file with these tests; what it came to. */
  function outcomeOf(tests: string): Outcome {
    const file = join(folder, 'some.test.cjs');
    writeFileSync(file, tests);
    const words = ['scripts/with-node.mjs', 'mocha', '--no-config', '--reporter', './scripts/test-reporter.cjs', file];
    const { status, signal } = spawnSync(process.execPath, words, {
      env: { ...process.env, SLUICE_TEST_RESULT: result },
      timeout: 60_000,
    });
    return suiteOutcome('some', result, status ?? signal ?? 'unknown');
  }

  const errors = (outcome: Outcome): readonly string[] => outcome.failed.map(({ title, error }) => `${title}: ${error.split('\n')[0]}`);

  it('takes what a suite that ran to its end has written', function () {
    this.timeout(60_000);
    const outcome = outcomeOf(`it('holds', () => {}); it('fails', () => { throw new Error('wrong'); }); it('waits');`);
    assert.deepEqual([outcome.passed, outcome.skipped, errors(outcome)], [1, ['waits'], ['fails: Error: wrong']]);
  });

  const ends: readonly (readonly [what: string, end: string, error: string])[] = [
    ['is killed', `process.kill(process.pid, 'SIGKILL');`, 'some: it ended with code 137 (killed) and no result'],
    ['leaves with code 0', 'process.exit(0);', 'some: it ended with code 0 and no result'],
    ['leaves with a code', 'process.exit(3);', 'some: it ended with code 3 and no result'],
  ];
  for (const [what, end, error] of ends)
    it(`counts a suite that ${what} in the middle as failed`, function () {
      this.timeout(60_000);
      const outcome = outcomeOf(`it('holds', () => {}); it('ends', () => { ${end} }); it('comes later', () => {});`);
      assert.deepEqual([outcome.passed, errors(outcome)], [0, [error]]);
    });

  it('counts a code that no failed test explains, and a result that is cut off', () => {
    writeFileSync(result, '{"passed":2,"skipped":[],"failed":[]}');
    assert.deepEqual(errors(suiteOutcome('some', result, 7)), ['some: it ended with code 7 although no test failed']);
    assert.deepEqual(suiteOutcome('some', result, 0).failed, []);
    writeFileSync(result, '{"passed":2,"skipped');
    assert.deepEqual(errors(suiteOutcome('some', result, 0)), ['some: it ended with code 0 and no result']);
  });

  it('adds outcomes up', () => {
    const failed = [{ title: 'a', error: 'b' }];
    assert.deepEqual(
      sumOf([
        { passed: 2, skipped: ['x'], failed: [] },
        { passed: 3, skipped: [], failed },
      ]),
      { passed: 5, skipped: ['x'], failed },
    );
  });
});
