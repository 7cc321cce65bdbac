import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../helpers/run-cli.ts';

/** Needs dist/, which `npm run test:integration` and `npm test` build first. */
describe('demo', function () {
  this.timeout(180_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const time of ['once', 'and once more over the first']) {
    it(`runs ${time}, and all nine tables match`, () => {
      const said = execFileSync(process.execPath, [join(projectRoot, 'scripts/demo.ts'), folder], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      assert.equal([...said.matchAll(/^\| public\.\w+ +\| match /gm)].length, 9, said);
      assert.match(said, /every cell was compared and matches/);
      for (const file of ['report.md', 'report.html', 'postgres']) assert.ok(existsSync(join(folder, file)), file);
    });
  }
});
