import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeSession } from '../../../../../samples/dira/session-writer.ts';
import { jacSourceKind } from '../../../../../src/core/sources/jac/jac-source-kind.ts';
import { kindOf } from '../../../../../src/core/sources/registry.ts';
import type { SourceSnapshot } from '../../../../../src/core/sources/source.ts';
import { idOf } from '../../../../helpers/jac-anchors.ts';
import { jacFolder, jacVariants } from '../../../../helpers/jac-fixtures.ts';

const never = new AbortController().signal;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('freezing a Jac store', () => {
  let folder: string;
  let scratch: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-freeze-'));
    mkdirSync((scratch = join(folder, 'scratch')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const freeze = (location: string, settings = {}): Promise<SourceSnapshot> =>
    jacSourceKind.freeze(location, { scratch, signal: never, settings });

  function copyOf(variant: string): string {
    cpSync(join(jacFolder, variant), join(folder, 'store'), { recursive: true });
    return join(folder, 'store', jacVariants[variant] ?? '');
  }

  it('leaves only the tables behind, and of the users of a server neither password nor token', async () => {
    const location = copyOf('serve-sqlite3-0.8.10-py313');
    const { path } = await freeze(location);
    assert.deepEqual(readdirSync(scratch, { recursive: true }).length, 2);
    const { __jac_users__: users } = JSON.parse(readFileSync(`${location}.users.json`, 'utf8')) as {
      __jac_users__: Record<string, { password_hash: string; token: string }>;
    };
    const frozen = readFileSync(path, 'latin1');
    for (const [name, { password_hash: hash, token }] of Object.entries(users)) {
      assert.ok(frozen.includes(name));
      assert.ok(!frozen.includes(hash) && !frozen.includes(token));
    }
  });

  it('takes the name that the program gave its store', async () => {
    const location = copyOf('shelve-dumb-0.9.6-py312');
    assert.ok(!existsSync(location));
    assert.equal((await kindOf(location)).kind, 'jac');
    assert.equal((await freeze(location)).fingerprint, (await freeze(`${location}.dat`)).fingerprint);
  });

  for (const variant of ['shelve-dumb-0.9.6-py312', 'shelve-gdbm-0.9.6', 'shelve-sqlite3-wal-0.9.6-py313'])
    it(`is backed up whole: ${variant}`, async () => {
      const snapshot = await freeze(copyOf(variant));
      const { path } = await jacSourceKind.backUp!(snapshot, join(folder, 'backup'), never);
      const again = variant.includes('dumb') ? join(path, 'main.session') : path;
      assert.equal((await freeze(again)).fingerprint, snapshot.fingerprint);
    });

  it('goes without a list of users in a backup', async () => {
    const snapshot = await freeze(copyOf('serve-sqlite3-0.8.10-py313'));
    const { path } = await jacSourceKind.backUp!(snapshot, join(folder, 'backup'), never);
    assert.deepEqual(
      readdirSync(dirname(path)).filter((name) => name.startsWith('backup')),
      ['backup'],
    );
  });

  it('refuses settings, what is no store, and a class with more fields than a table has columns', async () => {
    const location = join(folder, 'main.session');
    const fields = Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`f${i}`, true]));
    writeSession(location, [{ id: idOf(1), className: 'Wide', fields, root: null }]);
    await assert.rejects(freeze(location), { code: 'source-read-failed' });
    await assert.rejects(freeze(location, { as: 'anchors' }), { code: 'invalid-source-setting' });
    await assert.rejects(freeze(join(jacFolder, 'exotic-gdbm-0.9.6', 'main.jac')), { code: 'unknown-store' });
    assert.deepEqual(readdirSync(scratch), []);
  });

  it('is opened again in another thread from its snapshot', async () => {
    const snapshot = structuredClone(await freeze(copyOf('exotic-gdbm-0.9.6')));
    const source = await jacSourceKind.attach(snapshot, silent);
    assert.equal(await source.countRows('node Report', null), 2);
    await source.close();
  });
});
