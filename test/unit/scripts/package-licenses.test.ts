import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundledPackages } from '../../../scripts/package-licenses.ts';

describe('scripts/package-licenses.ts', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-licenses-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const bundle = (...sources: readonly string[]): void => write('dist/a.js.map', JSON.stringify({ sources }));
  const found = (): string[] => [...bundledPackages(join(folder, 'dist'))].map((each) => each.slice(folder.length + 1)).sort();

  it('finds packages by the source maps of bundles, also one inside of another, and no file of ours', () => {
    for (const name of ['outer', '@scope/other', 'outer/node_modules/inner']) write(`node_modules/${name}/package.json`, '{}');
    bundle(
      '../src/ours.ts',
      '../node_modules/outer/lib/a.js',
      '../node_modules/@scope/other/b.js',
      '../node_modules/outer/node_modules/inner/c.js',
    );
    assert.deepEqual(found(), ['node_modules/@scope/other', 'node_modules/outer', 'node_modules/outer/node_modules/inner']);
  });

  it('finds a package that another one has swallowed where it is installed', () => {
    for (const name of ['outer', 'inner']) write(`node_modules/${name}/package.json`, '{}');
    bundle('../node_modules/outer/node_modules/inner/src/index.js');
    assert.deepEqual(found(), ['node_modules/inner']);
  });

  it('refuses a package that is nowhere: its licence is not known', () => {
    write('node_modules/outer/package.json', '{}');
    bundle('../node_modules/outer/node_modules/inner/src/index.js');
    assert.throws(found, /inner is in a bundle .* and not installed/);
  });
});
