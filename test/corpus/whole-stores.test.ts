import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describeCase } from '../helpers/case-setting.ts';
import { notCovered } from '../helpers/postgres.ts';
import { projectRoot } from '../helpers/run-cli.ts';

/** SQLite stores that others published; they are not part of this repository. */
const folder = join(projectRoot, '../shared/corpus/sqlite');
const stores = existsSync(folder) ? globSync('**/*.{sqlite,sqlite3,db}', { cwd: folder }).sort() : [];

describe('the corpus of SQLite stores', () => {
  it('is there', function () {
    if (stores.length > 0) return;
    const note = 'the corpus of other people’s stores (../shared/corpus) is not there';
    if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(note);
    notCovered(note);
    this.skip();
  });
});

for (const store of stores) {
  describeCase('corpus', basename(store), (setting) => {
    it('every row arrives, a foreign reader finds every cell equal, nothing differs from the plan, and all of it can be taken back', () =>
      setting.migrate({ file: join(folder, store) }, async (run) => {
        assert.deepEqual([run.result.status, run.result.rejects], ['done', 0]);
        assert.ok(run.result.tables.length > 0);
        assert.deepEqual(await run.judge(), []);
      }));
  });
}
