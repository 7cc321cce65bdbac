import assert from 'node:assert/strict';
import { programName } from '../../../src/cli/terminal.ts';

describe('how the user called us', () => {
  for (const [script, environment, name] of [
    ['/usr/local/bin/sluice', {}, 'sluice'],
    ['/home/me/node_modules/.bin/sluice', { npm_command: 'exec' }, 'npx sluice'],
    ['/home/me/dist/sluice.js', { npm_command: 'run-script' }, 'node dist/sluice.js'],
    ['/home/me/my dist/sluice.js', {}, "node 'my dist/sluice.js'"],
    ['/elsewhere/dist/sluice.js', {}, 'node ../../elsewhere/dist/sluice.js'],
  ] as const) {
    it(`${script} is ${name}`, () => assert.equal(programName(script, '/home/me', environment), name));
  }
});
