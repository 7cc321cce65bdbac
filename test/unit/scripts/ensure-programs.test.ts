import assert from 'node:assert/strict';
import { ensurePrograms, findProgram } from '../../../scripts/ensure-programs.ts';

describe('scripts/ensure-programs.ts', () => {
  it('finds a program on PATH', () => {
    assert.match(findProgram('node') ?? '', /node$/);
    assert.equal(findProgram('no-such-program-of-sluice'), null);
  });

  it('installs nothing and says nothing when everything is there', () => {
    const said: string[] = [];
    assert.equal(
      ensurePrograms({ node: 'nodejs' }, (line) => said.push(line)),
      null,
    );
    assert.deepEqual(said, []);
  });
});
