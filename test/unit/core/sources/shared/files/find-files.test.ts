import assert from 'node:assert/strict';
import { chmod, mkdir, realpath, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { findFiles } from '../../../../../../src/core/sources/shared/files/find-files.ts';
import { withFiles, type Files } from '../../../../../helpers/lay-files.ts';

const tree: Files = {
  'b.csv': 'x',
  'a.csv': 'x',
  'B.csv': 'x',
  'é.csv': 'x',
  'sub/c.csv': 'x',
  'sub/deep/d.tsv': 'x',
  '.hidden.csv': 'x',
  _SUCCESS: '',
  '_temporary/part.csv': 'x',
  '.git/part.csv': 'x',
};

async function found(
  folder: string,
  ...paths: string[]
): Promise<{ files: readonly string[]; root: string; passedOver: readonly string[] }> {
  const absolute = paths.map((path) => join(folder, path));
  const { files, root, passedOver } = await findFiles(absolute.length === 1 ? (absolute[0] ?? '') : absolute);
  const base = await realpath(folder);
  return { files: files.map((file) => relative(base, file)), root: relative(base, root), passedOver };
}

describe('files of a folder, a glob or a list', () => {
  const cases: readonly (readonly [what: string, paths: readonly string[], files: readonly string[], root?: string])[] = [
    ['a folder: all below it, by the bytes of their paths', ['.'], ['B.csv', 'a.csv', 'b.csv', 'sub/c.csv', 'sub/deep/d.tsv', 'é.csv']],
    ['a glob', ['*.csv'], ['B.csv', 'a.csv', 'b.csv', 'é.csv']],
    ['a glob through folders', ['**/*.csv'], ['B.csv', 'a.csv', 'b.csv', 'sub/c.csv', 'é.csv']],
    ['a glob in a folder', ['sub/*'], ['sub/c.csv'], 'sub'],
    ['braces', ['{a,b}.csv'], ['a.csv', 'b.csv']],
    ['braces with folders', ['{a,sub/c}.csv'], ['a.csv', 'sub/c.csv']],
    [
      'a list, in the order of the paths, each once',
      ['b.csv', 'a.csv', '*.csv', 'sub'],
      ['B.csv', 'a.csv', 'b.csv', 'sub/c.csv', 'sub/deep/d.tsv', 'é.csv'],
    ],
    ['a name with an underscore that the glob has', ['_temporary/*.csv'], ['_temporary/part.csv'], '_temporary'],
    ['a hidden name that the glob has', ['.h*.csv'], ['.hidden.csv']],
  ];
  for (const [what, paths, files, root = ''] of cases)
    it(what, () =>
      withFiles(tree, async (folder) => {
        const all = await found(folder, ...paths);
        assert.deepEqual(all.files, files);
        assert.equal(all.root, root);
      }),
    );

  it('what is passed over is told', () =>
    withFiles(tree, async (folder) => {
      assert.deepEqual((await found(folder, '.')).passedOver, [
        '.git, whose name begins with .',
        '.hidden.csv, whose name begins with .',
        '_SUCCESS, whose name begins with _',
        '_temporary, whose name begins with _',
      ]);
      assert.deepEqual((await found(folder, '*.csv')).passedOver, ['.hidden.csv, in which a name begins with a dot or an underscore']);
      assert.deepEqual((await found(folder, '**/*.csv')).passedOver, [
        '.hidden.csv, in which a name begins with a dot or an underscore',
        '_temporary/part.csv, in which a name begins with a dot or an underscore',
      ]);
    }));

  it('a file or folder whose name has the signs of a glob is meant itself, and so is a folder in front of a glob', () =>
    withFiles({ '[a] (1)/b{1}.csv': 'x', '[a] (1)/c.csv': 'x', 'a/b1.csv': 'x' }, async (folder) => {
      assert.deepEqual((await found(folder, '[a] (1)/b{1}.csv')).files, ['[a] (1)/b{1}.csv']);
      assert.deepEqual((await found(folder, '[a] (1)')).files, ['[a] (1)/b{1}.csv', '[a] (1)/c.csv']);
      assert.deepEqual((await found(folder, '[a] (1)/*.csv')).files, ['[a] (1)/b{1}.csv', '[a] (1)/c.csv']);
    }));

  it('the root is above folders that are values', () =>
    withFiles({ 'data/year=2024/month=01/a.csv': 'x', 'data/year=2024/month=02/a.csv': 'x' }, async (folder) => {
      for (const path of ['data', 'data/year=2024', 'data/year=2024/month=01/*.csv', 'data/*/*/*.csv'])
        assert.equal((await found(folder, path)).root, 'data', path);
      assert.equal((await found(folder, 'data/year=2024/month=01', 'data/year=2024/month=02')).root, 'data');
    }));

  it('links are followed, but not in circles', () =>
    withFiles({ 'data/a.csv': 'x', 'elsewhere/b.csv': 'x' }, async (folder) => {
      await symlink('.', join(folder, 'data/self'));
      await symlink('..', join(folder, 'data/up'));
      await symlink(join(folder, 'elsewhere/b.csv'), join(folder, 'data/link.csv'));
      const all = await found(folder, 'data');
      assert.deepEqual(all.files, ['data/a.csv', 'data/link.csv', 'data/up/elsewhere/b.csv']);
      assert.deepEqual(all.passedOver, ['self, a link to a folder that it is in', 'up/data, a link to a folder that it is in']);
    }));

  const refusals: readonly (readonly [what: string, path: string, code: string, lay?: (folder: string) => Promise<void>])[] = [
    ['a file that is not there', 'missing.csv', 'no-such-file'],
    ['a glob that matches nothing', '*.parquet', 'no-matching-files'],
    ['a folder without files', 'empty', 'no-matching-files', async (folder) => void (await mkdir(join(folder, 'empty')))],
    ['a link that leads nowhere', '*.csv', 'unreadable-file', (folder) => symlink('gone', join(folder, 'x.csv'))],
    ['a link to itself', '*.csv', 'unreadable-file', (folder) => symlink('x.csv', join(folder, 'x.csv'))],
  ];
  for (const [what, path, code, lay] of refusals)
    it(`${what}: ${code}`, () =>
      withFiles(tree, async (folder) => {
        await lay?.(folder);
        await assert.rejects(found(folder, path), { code });
      }));

  it('a folder that may not be read: unreadable-file', () =>
    withFiles({ 'a/b.csv': 'x' }, async (folder) => {
      await chmod(join(folder, 'a'), 0);
      await chmod(folder, 0o755);
      await asOrdinaryUser(() => assert.rejects(found(folder, '.'), { code: 'unreadable-file' }));
      await chmod(join(folder, 'a'), 0o700);
    }));
});

/** Nobody's rights for the time of `work` where the tests run as root, whom no permission keeps out. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}
