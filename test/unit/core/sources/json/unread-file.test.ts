import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { kindOf } from '../../../../../src/core/sources/registry.ts';
import { readTable, withTree } from '../../../../helpers/read-json.ts';

const files = { 'u1/a.json': '{"id":1}', 'u1/b.json': '{"id":2}', 'u2/c.json': '{"id":3}' };

/** Opening `file` fails so many times, as when somebody else has it; root may read everything, so that the system has to be asked by name. */
async function withTrouble<T>(
  file: string,
  code: string,
  times: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly tried: number }> {
  const { openSync } = fs;
  let tried = 0;
  fs.openSync = (path, ...rest) => {
    if (basename(String(path)) === file && ++tried <= times) throw Object.assign(new Error(`${code}: not now`), { code });
    return openSync(path, ...rest);
  };
  syncBuiltinESMExports();
  try {
    return { result: await work(), tried };
  } finally {
    fs.openSync = openSync;
    syncBuiltinESMExports();
  }
}

describe('a file of documents that cannot be read now', () => {
  // The head, which tells what is in it, does not let itself be read either.
  it('is tried again, and nothing is told of it when that helps', async () => {
    const { tried } = await withTrouble('b.json', 'EBUSY', 3, () =>
      withTree(files, async ({ source, snapshot }) => {
        assert.deepEqual(
          (await readTable(source, '*/*.json $', ['/id'])).map(({ values }) => values[0]),
          [1n, 2n, 3n],
        );
        assert.equal(snapshot.tables[0]?.warnings, undefined);
      }),
    );
    assert.equal(tried, 5);
  });

  it('is a broken document in the end, with its path and the reason, and the others are read', async () => {
    await withTrouble('b.json', 'EACCES', Infinity, () =>
      withTree(files, async ({ root, source, snapshot }) => {
        assert.deepEqual(await readTable(source, '*/*.json $', ['/id']), [
          { place: 'u1/a.json', values: [1n] },
          { place: 'u1/b.json, byte 0', values: ['The document cannot be read: EACCES: not now (byte 0)'] },
          { place: 'u2/c.json', values: [3n] },
        ]);
        assert.match(snapshot.tables[0]?.warnings?.[0]?.message ?? '', /u1\/b\.json \(the file cannot be read: EACCES/);
        assert.equal((await kindOf(root)).kind, 'json');
      }),
    );
  });

  it('is tried again when rows are read, and then named', async () => {
    await withTree(files, async ({ source }) => {
      const read = (): ReturnType<typeof readTable> => readTable(source, '*/*.json $', ['/id']);
      assert.equal((await withTrouble('b.json', 'EMFILE', 3, read)).result.length, 3);
      await assert.rejects(withTrouble('b.json', 'EMFILE', 4, read), { code: 'source-read-failed' });
    });
  });

  it('ends everything when it is another trouble', async () => {
    await assert.rejects(
      withTrouble('b.json', 'EISDIR', Infinity, () => withTree(files, async () => undefined)),
      /EISDIR/,
    );
  });
});
