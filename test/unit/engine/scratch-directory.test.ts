import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeScratchDirectory, removeScratchOf } from '../../../src/engine/scratch-directory.ts';

describe('makeScratchDirectory', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives a private folder', () => {
    assert.equal(statSync(makeScratchDirectory(folder)).mode & 0o777, 0o700);
  });

  it('removes what a killed process left, and nothing of a living one or of other programs', () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const kept = [`sluice-scratch-${process.ppid}-abc`, 'sluice-scratch-mine', 'other'];
    for (const name of [`sluice-scratch-${dead}-abc`, ...kept]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'copy.db'), 'rows');
    }
    makeScratchDirectory(folder);
    assert.equal(existsSync(join(folder, `sluice-scratch-${dead}-abc`)), false);
    for (const name of kept) assert.ok(existsSync(join(folder, name, 'copy.db')), name);
  });
});

describe('removeScratchOf', () => {
  it('removes what one process left, and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
    for (const name of ['sluice-scratch-12-abc', 'sluice-scratch-123-abc', 'other']) mkdirSync(join(folder, name));
    removeScratchOf(12, folder);
    assert.deepEqual(readdirSync(folder).sort(), ['other', 'sluice-scratch-123-abc']);
    rmSync(folder, { recursive: true });
  });
});
