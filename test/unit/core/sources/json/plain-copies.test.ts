import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkSourceUnchanged, kindOf } from '../../../../../src/core/sources/registry.ts';
import { readTable, withTree } from '../../../../helpers/read-json.ts';

const text = '{"id":1,"t":"ünïcödé 🎉"}';
const wide = (content: string): Buffer => Buffer.from(`\ufeff${content}`, 'utf16le');

describe('documents that are compressed or in UTF-16', () => {
  it('are read as they were before, beside plain ones; the place is that of the plain text', async () => {
    const files = {
      'a.json': text,
      'b.json': wide(text.replace('1', '2')),
      'c.json': wide(text.replace('1', '3')).swap16(),
      'd.json.gz': gzipSync(text.replace('1', '4')),
      'e.ndjson.gz': gzipSync('{"id":5}\n{"id" 6}\n{"id":7}\n'),
      'f.json.gz': gzipSync(wide(text.replace('1', '8'))),
    };
    await withTree(files, async ({ root, source, snapshot }) => {
      assert.equal((await kindOf(root)).kind, 'json');
      assert.deepEqual(
        (await readTable(source, '*.json{,.gz} $', ['/id', '/t'])).map(({ values }) => values),
        [1n, 2n, 3n, 4n, 8n].map((id) => [id, 'ünïcödé 🎉']),
      );
      assert.deepEqual(
        (await readTable(source, '*.ndjson.gz $', ['/id'])).map(({ place, values }) => [place, values[0]]),
        [
          ['e.ndjson.gz:1', 5n],
          ['e.ndjson.gz:2, byte 15', 'The document has no colon where one belongs (byte 15)'],
          ['e.ndjson.gz:3', 7n],
        ],
      );
      assert.equal(snapshot.temporary, true);
      assert.ok(existsSync(dirname(snapshot.path)) && !snapshot.path.startsWith(root), 'copies lie outside of the store');
      await checkSourceUnchanged(snapshot);
      await writeFile(join(root, 'd.json.gz'), gzipSync(text));
      await assert.rejects(checkSourceUnchanged(snapshot), { code: 'source-changed' });
    });
  });

  it('are a broken document each where they are damaged, and the others are read', async () => {
    const cut = gzipSync(text.repeat(50)).subarray(0, 40);
    await withTree({ 'a.json': text, 'b.json.gz': cut, 'c.json': Buffer.concat([wide(text), Buffer.of(0x7d)]) }, async ({ source }) => {
      const rows = [...(await readTable(source, 'a.json $', ['/id'])), ...(await readTable(source, '{b,c}.json* $', ['/id']))];
      assert.deepEqual(
        rows.map(({ place }) => place),
        ['a.json', 'b.json.gz, byte 0', 'c.json, byte 0'],
      );
      assert.match(String(rows[1]?.values[0]), /cannot be read: unexpected end of file/);
      assert.match(String(rows[2]?.values[0]), /cannot be read: it is not valid UTF-16LE/);
    });
  });
});
