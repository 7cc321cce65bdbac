import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { aloneFiles, dealFiles, longFiles } from '../../../scripts/lanes.ts';

describe('scripts/lanes.ts', () => {
  const files = globSync('test/integration/**/*.test.ts').sort();

  it('runs every file of the integration layer exactly once, in one lane or in two', () => {
    for (const count of [1, 2]) {
      const { beside, alone } = dealFiles(files, count);
      assert.equal(beside.length, count);
      assert.deepEqual([...beside.flat(), ...alone].sort(), files);
    }
  });

  it('knows no file that is not there', () => {
    assert.deepEqual(
      [...aloneFiles, ...Object.keys(longFiles)].filter((file) => !existsSync(file)),
      [],
    );
  });

  it('deals the longest first, each to the lane that has least to do, and leaves out those that run alone', () => {
    const seconds = { 'a.ts': 10, 'b.ts': 30, 'c.ts': 25, 'd.ts': 10, 'e.ts': 90 };
    assert.deepEqual(dealFiles(['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts'], 2, seconds, ['e.ts']), {
      beside: [
        ['b.ts', 'd.ts'],
        ['a.ts', 'c.ts'],
      ],
      alone: ['e.ts'],
    });
  });

  it('makes no lane without a file', () => {
    assert.deepEqual(dealFiles(['a.ts'], 2, {}, []), { beside: [['a.ts']], alone: [] });
    assert.deepEqual(dealFiles(['a.ts'], 2, {}, ['a.ts']), { beside: [], alone: ['a.ts'] });
  });
});
