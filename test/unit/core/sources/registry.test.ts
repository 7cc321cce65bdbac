import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachSource, checkSourceUnchanged, kindOf, sourceKinds } from '../../../../src/core/sources/registry.ts';
import type { SourceSnapshot } from '../../../../src/core/sources/source.ts';
import { looksRandom } from '../../../../src/core/sources/shared/looks-random.ts';

describe('the list of sources', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-registry-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const contents: readonly (readonly [what: string, content: Uint8Array, code: string])[] = [
    ['nothing', Buffer.alloc(0), 'empty-file'],
    ['text', Buffer.from('just words\n'.repeat(100)), 'unknown-store'],
    ['one byte', Buffer.of(0), 'unknown-store'],
    ['pages of zeros', Buffer.alloc(8_192), 'unknown-store'],
    ['whole pages of noise', randomBytes(4_096), 'encrypted-store'],
    ['noise that is no whole number of pages', randomBytes(4_099), 'unknown-store'],
  ];
  for (const [what, content, code] of contents) {
    it(`${what}: ${code}`, async () => {
      const path = join(folder, 'file.sqlite');
      writeFileSync(path, content);
      await assert.rejects(kindOf(path), {
        code,
        context: code === 'unknown-store' ? { path, kinds: sourceKinds.map(({ kind }) => kind).join(', ') } : { path },
      });
    });
  }

  it('a device is no store', async () => {
    await assert.rejects(kindOf('/dev/null'), { code: 'unreadable-file' });
  });

  it('a snapshot of a kind that this version does not know', async () => {
    const snapshot = JSON.parse('{ "kind": "from the future", "location": "/store" }') as SourceSnapshot;
    await assert.rejects(attachSource(snapshot, { debug() {}, info() {}, warn() {}, error() {} }), { code: 'unknown-store' });
    await assert.rejects(checkSourceUnchanged(snapshot), { code: 'unknown-store' });
  });

  it('every kind has a name of its own', () => {
    assert.equal(new Set(sourceKinds.map(({ kind }) => kind)).size, sourceKinds.length);
  });

  it('noise and text are told apart', () => {
    assert.equal(looksRandom(randomBytes(512)), true);
    assert.equal(looksRandom(Buffer.from('The quick brown fox. '.repeat(300))), false);
    assert.equal(looksRandom(randomBytes(100)), false);
  });
});
