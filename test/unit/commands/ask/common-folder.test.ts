import assert from 'node:assert/strict';
import { sep } from 'node:path';
import { commonFolder } from '../../../../src/commands/ask/common-folder.ts';

describe('the folder of several stores', () => {
  for (const [paths, folder] of [
    [['/data/shop/a.db'], '/data/shop'],
    [['/data/shop/a.db', '/data/shop/b.csv'], '/data/shop'],
    [['/data/shop/meta/a.db', '/data/shop/b.csv'], '/data/shop'],
    [['/data/shop/a.db', '/data/shop-old/b.csv'], '/data'],
    [['/a.db', '/data/b.csv'], '/'],
  ] as const) {
    it(`${paths.join(', ')} → ${folder}`, function () {
      if (sep !== '/') this.skip();
      assert.equal(commonFolder(paths), folder);
    });
  }
});
