import assert from 'node:assert/strict';
import { withDelimited } from '../../../../helpers/read-delimited.ts';

const rows = Array.from({ length: 3_000 }, (_, i) => [String(i + 1), `text "${i + 1}"\nand more`]);
const text = `id,v\n${rows.map(([id, v]) => `${id},"${v?.replaceAll('"', '""')}"\n`).join('')}`;
const all = { filter: null, sort: [], columns: null };
const { signal } = new AbortController();

describe('views of delimited text', () => {
  it('are pages in the order of the file', () =>
    withDelimited(text, {}, async (source) => {
      for (const [offset, limit] of [
        [0, 3],
        [1_499, 700],
        [2_990, 100],
        [3_000, 10],
        [5_000, 10],
      ] as const) {
        const page = await source.readPage('t', { view: all, offset, limit, mostCharacters: 100 });
        assert.deepEqual(page.columns, ['id', 'v']);
        assert.deepEqual(page.rows, rows.slice(offset, offset + limit), `${offset}`);
      }
      assert.equal(await source.countRows('t', null), 3_000);
    }));

  it('are read whole, in the columns asked for', () =>
    withDelimited(text, {}, async (source) => {
      const read: unknown[] = [];
      for await (const batch of source.readView('t', { ...all, columns: ['v'] }, signal)) read.push(...batch);
      assert.deepEqual(
        read,
        rows.map(([, v]) => [v]),
      );
    }));

  it('show the bytes of broken texts and records', () =>
    withDelimited(Buffer.from('id,v\n1,\xff\n2\n3,x\n', 'latin1'), { encoding: 'utf-8' }, async (source) => {
      const { rows: found } = await source.readPage('t', { view: all, offset: 0, limit: 9, mostCharacters: 100 });
      assert.deepEqual(found, [
        ['1', '\\xff'],
        ['2', '2'],
        ['3', 'x'],
      ]);
      const read: unknown[] = [];
      for await (const batch of source.readView('t', all, signal)) read.push(...batch);
      assert.deepEqual(read, found);
    }));

  it('cannot be filtered, sorted or queried', () =>
    withDelimited(text, {}, async (source) => {
      const refused = { code: 'source-without-sql' };
      const request = { offset: 0, limit: 1, mostCharacters: 10 };
      await assert.rejects(source.readPage('t', { ...request, view: { ...all, filter: 'id = 1' } }), refused);
      await assert.rejects(source.readPage('t', { ...request, view: { ...all, sort: [{ column: 'id', descending: true }] } }), refused);
      await assert.rejects(source.countRows('t', 'id = 1'), refused);
      await assert.rejects(source.query('SELECT 1'), refused);
      await assert.rejects(source.readPage('t', { ...request, view: { ...all, columns: ['w'] } }), { code: 'no-such-source-column' });
      await assert.rejects(source.countRows('other', null), { code: 'no-such-source-table' });
    }));
});
