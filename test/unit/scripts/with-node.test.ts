import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const launcher = 'scripts/with-node.mjs';

describe('scripts/with-node.mjs', () => {
  it('runs a tool of node_modules/.bin on a Node that runs TypeScript', () => {
    const { stdout } = spawnSync(process.execPath, [launcher, '-p', 'process.features.typescript'], { encoding: 'utf8' });
    assert.equal(stdout.trim(), 'strip');
    const mocha = spawnSync(process.execPath, [launcher, 'mocha', '--version'], { encoding: 'utf8' });
    assert.match(mocha.stdout, /^\d+\.\d+\.\d+/);
  });

  it('hands on the exit code', () => {
    assert.equal(spawnSync(process.execPath, [launcher, '-e', 'process.exit(7)']).status, 7);
  });

  it('hands on SIGTERM, and tells by the exit code what ended the program', async () => {
    const child = spawn(process.execPath, [launcher, '-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [128 + 15, null]);
  });
});
