import assert from 'node:assert/strict';
import { caseStates, isGreen, type CaseOutcome } from '../../helpers/case-states.ts';

describe('states of edge cases', () => {
  const passed = (...titles: string[]): CaseOutcome => ({ titles, state: 'passed' });

  it('a case is green when it has a test on both targets and all of them passed', () => {
    const outcomes = [
      passed('S01 limits (PostgreSQL)', 'exact'),
      passed('S01 limits (embedded)', 'exact'),
      passed('keys: postgres', 'S16 S17 keys'),
      passed('keys: embedded', 'S16 S17 keys'),
    ];
    const listed = caseStates(['S01', 'S16', 'S17'], outcomes);
    assert.deepEqual(
      listed.map((entry) => [entry.id, isGreen(entry)]),
      [
        ['S01', true],
        ['S16', true],
        ['S17', true],
      ],
    );
  });

  it('it is not when a target has no test, a test failed or was skipped, or only the middle of a title names it', () => {
    const outcomes: CaseOutcome[] = [
      passed('S01 limits (PostgreSQL)', 'exact'),
      passed('S02 reals (PostgreSQL)', 'one'),
      passed('S02 reals (embedded)', 'one'),
      { titles: ['S02 reals (embedded)', 'two'], state: 'failed' },
      { titles: ['S03 classes (PostgreSQL)', 'one'], state: 'skipped' },
      passed('S03 classes (embedded)', 'one'),
      passed('as in S04 (PostgreSQL)', 'one'),
      passed('as in S04 (embedded)', 'one'),
    ];
    assert.deepEqual(
      caseStates(['S01', 'S02', 'S03', 'S04'], outcomes).map(({ id, postgres, embedded }) => [id, postgres.state, embedded.state]),
      [
        ['S01', 'green', 'no test'],
        ['S02', 'green', 'failed'],
        ['S03', 'skipped', 'green'],
        ['S04', 'no test', 'no test'],
      ],
    );
  });
});
