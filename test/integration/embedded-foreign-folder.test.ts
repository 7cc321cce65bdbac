import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkTestEmbedded } from '../helpers/embedded.ts';

describe('an embedded target in a folder of somebody else', () => {
  it('is refused, and deletes nothing, even with a mark of ours beside it', async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-foreign-'));
    try {
      const directory = join(folder, 'work');
      mkdirSync(directory);
      writeFileSync(join(directory, 'thesis.md'), 'years of work');
      writeFileSync(`${directory}.creating`, '');
      await assert.rejects(forkTestEmbedded(directory), /holds files that are no PostgreSQL database/);
      assert.equal(readFileSync(join(directory, 'thesis.md'), 'utf8'), 'years of work');
      assert.ok(!existsSync(join(directory, 'PG_VERSION')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
