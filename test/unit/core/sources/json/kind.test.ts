import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freezeSource, kindOf } from '../../../../../src/core/sources/registry.ts';
import { filesIn, type JsonSnapshot } from '../../../../../src/core/sources/json/json-snapshot.ts';
import { looksJson } from '../../../../../src/core/sources/json/looks-json.ts';
import { withFiles } from '../../../../helpers/lay-files.ts';

const signal = new AbortController().signal;

describe('telling documents', () => {
  const heads: readonly (readonly [what: string, text: string | Uint8Array, yes: boolean, name?: string])[] = [
    ['an object', '{"a":1}', true],
    ['an array', '[1,2]', true],
    ['a cut off object', '{"a": [1, {"b', true],
    ['lines', '{"a":1}\n{"a":2}\n', true],
    ['an object behind a mark', '\ufeff {"a":1}', true],
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), true],
    ['lines of which the second is broken, in a file that is called so', '{"a":1}\n{"a":\n', true, 'x.ndjson'],
    ['lines of which the fourth is broken', '{"a":1}\n{"a":2}\n{"a":3}\nx\n', true],
    ['a section of an INI file', '[section]\nkey=1\n', false],
    ['a link of Markdown', '[words](http://x)', false],
    ['a script', '{ echo; }', false],
    ['an object and a comma', '{"a":1},x\n', false],
    ['a number', '1\n2\n', false],
    ['a text', '"a"', false],
    ['the users of a Jac server', '{"__jac_users__": {"ann": {"password_hash": "00"}}}', false, 'main.session.users.json'],
    ['nothing', ' \n', false],
  ];
  for (const [what, text, yes, name = 'a.txt'] of heads)
    it(`${what}: ${yes ? 'yes' : 'no'}`, () => assert.equal(looksJson(name, Buffer.from(text as string)), yes));

  it('a folder of documents is one, whatever else is in it, and broken ones among them', async () => {
    await withFiles({ 'a.json': '{"a":1}', 'b/c.jsonl': '{{', 'notes.txt': 'words', 'empty.json': '' }, async (folder) => {
      assert.equal((await kindOf(folder)).kind, 'json');
      const snapshot = await freezeSource(folder, { scratch: folder, signal });
      assert.deepEqual(namesIn(snapshot as JsonSnapshot), ['a.json', 'b/c.jsonl']);
    });
  });

  it('the users of a Jac server, with the hashes of their passwords, are passed over', async () => {
    await withFiles({ 'a.json': '{"a":1}', 'main.session.users.json': '{ "__jac_users__": {} }' }, async (folder) => {
      const snapshot = await freezeSource(folder, { scratch: folder, signal });
      assert.deepEqual(namesIn(snapshot as JsonSnapshot), ['a.json']);
    });
    await withFiles({ 'main.session.users.json': '{"__jac_users__": {"ann": {"password_hash": "00"}}}' }, (folder) =>
      assert.rejects(kindOf(join(folder, 'main.session.users.json')), { code: 'unknown-store' }),
    );
  });

  it('a folder with a table of texts beside it is mixed, until the plan says what is meant', async () => {
    await withFiles({ 'a.json': '{"a":1}', 'b.csv': 'x,y\n1,2\n' }, async (folder) => {
      await assert.rejects(kindOf(folder), { code: 'mixed-files' });
      assert.equal((await freezeSource(folder, { scratch: folder, signal, kind: 'json' })).kind, 'json');
      await assert.rejects(freezeSource(folder, { scratch: folder, signal, kind: 'delimited' }), { code: 'mixed-files' });
      assert.equal((await kindOf(join(folder, '*.csv'))).kind, 'delimited');
    });
  });

  it('a plan names documents that do not look like any', async () => {
    await withFiles({ 'a.json': '{"a" 1}', 'b.csv': 'x,y\n1,2\n' }, async (folder) => {
      const path = join(folder, 'a.json');
      await assert.rejects(freezeSource(path, { scratch: folder, signal }), { code: 'unknown-store' });
      assert.equal((await freezeSource(path, { scratch: folder, signal, kind: 'json' })).kind, 'json');
      assert.equal((await freezeSource(join(folder, 'b.csv'), { scratch: folder, signal, kind: 'json' })).kind, 'delimited');
    });
  });

  it('a file that comes or changes while it is read is told', async () => {
    await withFiles({ 'tree/a.json': '{"a":1}', 'tree/b.txt': 'x' }, async (folder) => {
      const kind = await kindOf(join(folder, 'tree'));
      const snapshot = await freezeSource(join(folder, 'tree'), { scratch: folder, signal });
      await kind.checkUnchanged(snapshot);
      await writeFile(join(folder, 'tree/c.json'), '{}');
      await assert.rejects(kind.checkUnchanged(snapshot), { code: 'source-changed' });
    });
  });
});

function namesIn(snapshot: JsonSnapshot): readonly string[] {
  const files = filesIn(snapshot);
  return Array.from({ length: files.length }, (_, number) => files.nameAt(number));
}
