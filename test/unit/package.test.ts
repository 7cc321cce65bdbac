import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const manifest = readJson('package.json');
const lock = readFileSync('package-lock.json', 'utf8');

describe('package.json', () => {
  it('has a text for every key of package.nls.json, and no key without a text', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]);
    assert.deepEqual(used.sort(), Object.keys(readJson('package.nls.json')).sort());
  });

  it('pins every dependency', () => {
    for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      for (const [name, version] of Object.entries(manifest[group] as Record<string, string>))
        // DuckDB numbers the revisions of its driver behind its own version.
        assert.match(version, /^\d+\.\d+\.\d+(?:-r\.\d+)?$/, name);
    }
  });

  it('names every script of CONTRIBUTING.md and README.md', () => {
    const text = readFileSync('CONTRIBUTING.md', 'utf8') + readFileSync('README.md', 'utf8');
    const named = new Set([...text.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? ''));
    assert.deepEqual(
      [...named].filter((name) => !(name in (manifest['scripts'] as object))),
      [],
    );
  });
});

describe('package-lock.json', () => {
  it('names no host: it serves everybody’s registry', () => {
    assert.doesNotMatch(lock, /"resolved":/);
  });

  it('has every optional platform package that a dependency names, so that `npm ci` accepts it', () => {
    const packages = (JSON.parse(lock) as { packages: Record<string, { optionalDependencies?: Record<string, string> }> }).packages;
    const wanted = new Set(Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {})));
    assert.deepEqual(
      [...wanted].filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`))),
      [],
    );
  });
});

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}
