import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { SourceValue } from '../../../../../src/core/model/source-value.ts';
import { delimitedSourceKind } from '../../../../../src/core/sources/delimited/delimited-source-kind.ts';
import type { Source, SourceSnapshot } from '../../../../../src/core/sources/source.ts';
import type { StoreLocation } from '../../../../../src/core/model/store-location.ts';
import { layFiles, withFiles, type Files } from '../../../../helpers/lay-files.ts';

const { signal } = new AbortController();
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Works with the store at `location` below a folder with these files. */
async function withStore<T>(
  files: Files,
  location: string | readonly string[],
  work: (source: Source, snapshot: SourceSnapshot, folder: string) => Promise<T>,
): Promise<T> {
  return withFiles({}, async (folder) => {
    const store = join(folder, 'store');
    await mkdir(store);
    await layFiles(store, files);
    const scratch = join(folder, 'scratch');
    await mkdir(scratch);
    const absolute: StoreLocation = typeof location === 'string' ? join(store, location) : location.map((one) => join(store, one));
    const snapshot = await delimitedSourceKind.freezeFiles!(absolute, { scratch, signal });
    const source = await delimitedSourceKind.attach(snapshot, silent);
    return work(source, snapshot, store);
  });
}

async function rowsOf(source: Source, table: string, columns: readonly string[], batchBytes = 1 << 20): Promise<SourceValue[][]> {
  const rows: SourceValue[][] = [];
  for await (const batch of source.readBatches(table, { columns, signal, batchBytes })) rows.push(...batch.rows.map((row) => [...row]));
  return rows;
}

describe('several files of delimited text', () => {
  it('a table cut into files, with columns in any order and some left out, has the same rows (property)', async () => {
    const value = fc.oneof(fc.constant(null), fc.string(), fc.constantFrom('', 'a"b', 'x,y;z', 'two\nlines', 'é 🎈', '0012'));
    const columns = ['k', 'alpha', 'beta', 'gamma'];
    const row = fc.tuple(fc.integer(), value, value, value).map(([k, ...rest]): (string | null)[] => [String(k), ...rest]);
    const cut = fc.record({
      rows: fc.array(row, { maxLength: 6 }),
      // The first column stays, so that every file has two.
      order: fc.shuffledSubarray(columns, { minLength: 2 }),
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      zipped: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 200 }), async (cuts, batchBytes) => {
        const files: Record<string, string | Uint8Array> = {};
        for (const [i, { rows, order, delimiter, lineEnd, zipped }] of cuts.entries()) {
          const field = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);
          const lines = [order, ...rows.map((one) => order.map((column) => one[columns.indexOf(column)] ?? null))];
          const text = lines.map((line) => line.map(field).join(delimiter) + lineEnd).join('');
          files[`part-${i}.csv`] = zipped ? gzipSync(text) : text;
        }
        const settings = { quote: '"', escape: '"', header: true, encoding: 'utf-8', lineEnds: 'lf', skipLines: 0 };
        const own = Object.fromEntries(cuts.map(({ delimiter }, i) => [`part-${i}.csv`, { delimiter }]));
        await withFiles(files, async (folder) => {
          const snapshot = await delimitedSourceKind.freezeFiles!(join(folder, 'part-*'), {
            scratch: folder,
            signal,
            settings: { ...settings, files: own },
          });
          const source = await delimitedSourceKind.attach(snapshot, silent);
          const there = columns.filter((column) => cuts.some(({ order }) => order.includes(column)));
          const expected = cuts.flatMap(({ rows, order }) =>
            rows.map((one) => there.map((column) => (order.includes(column) ? (one[columns.indexOf(column)] ?? null) : null))),
          );
          assert.deepEqual(await rowsOf(source, 'part', there, batchBytes), expected);
          const ranges = await source.splitTable('part', 3);
          const read: SourceValue[][] = [];
          for (const range of ranges)
            for await (const batch of source.readBatches('part', { ...range, columns: there, signal }))
              read.push(...batch.rows.map((one) => [...one]));
          assert.deepEqual(read, expected);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('reading goes on behind any row, across the borders of files, and a place finds its row again', () =>
    withStore(
      { 'a.csv': 'id,v\n1,x\n2,x\n', 'b.csv': 'id,v\n', 'c.csv': 'id,v\n3,x\n', 'd/e.csv': 'id,v\n4,x\n5,x' },
      '**/*.csv',
      async (source) => {
        const cursors: string[] = [];
        const places: string[] = [];
        for await (const batch of source.readBatches('store', { columns: ['id'], signal }))
          batch.rows.forEach((_, i) => {
            cursors.push(batch.cursorAt(i));
            places.push(batch.provenanceAt(i));
          });
        assert.deepEqual(places, [
          'a.csv line 2, byte 5',
          'a.csv line 3, byte 9',
          'c.csv line 2, byte 5',
          'd/e.csv line 2, byte 5',
          'd/e.csv line 3, byte 9',
        ]);
        for (const [i, after] of cursors.entries()) {
          for (const [j, upTo] of cursors.entries()) {
            const ids: SourceValue[] = [];
            for await (const { rows } of source.readBatches('store', { columns: ['id'], signal, after, upTo }))
              ids.push(...rows.map(([id]) => id ?? null));
            assert.deepEqual(ids, ['1', '2', '3', '4', '5'].slice(i + 1, Math.max(i + 1, j + 1)), `${after} to ${upTo}`);
            assert.equal(Math.sign(source.compareCursors(after, upTo)), Math.sign(i - j));
          }
        }
        const found: SourceValue[] = [];
        for await (const { rows } of source.readPlaces('store', [places[4]!, places[0]!, 'd/e.csv line 9, byte 99'], {
          columns: ['id'],
          signal,
        }))
          found.push(...rows.map(([id]) => id ?? null));
        assert.deepEqual(found, ['1', '5']);
        const page = await source.readPage('store', {
          view: { filter: null, sort: [], columns: null },
          offset: 1,
          limit: 3,
          mostCharacters: 9,
        });
        assert.deepEqual(
          page.rows.map(([id]) => id),
          ['2', '3', '4'],
        );
      },
    ));

  it('of 1,000 files one is open at a time', () =>
    withStore(
      Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`day=${String(i).padStart(4, '0')}/part.csv`, `id,v\n${i},x\n`])),
      '.',
      async (source, snapshot) => {
        let most = 0;
        let rows = 0;
        const before = await descriptors();
        for await (const batch of source.readBatches('store', { columns: ['id', 'day'], signal, batchBytes: 500 })) {
          most = Math.max(most, (await descriptors()) - before);
          for (const [id, day] of batch.rows) assert.equal(String(id).padStart(4, '0'), day);
          rows += batch.rows.length;
        }
        assert.equal(rows, 1_000);
        assert.ok(most <= 1, `${most} descriptors`);
        assert.equal(await descriptors(), before);
        assert.equal((await source.splitTable('store', 4)).length, 4);
        await delimitedSourceKind.checkUnchanged(snapshot);
      },
    )).timeout(60_000);

  const changes: readonly (readonly [what: string, change: (folder: string) => Promise<void>])[] = [
    ['another file', (folder) => writeFile(join(folder, 'c.csv'), 'id,v\n9,x\n')],
    ['a file less', (folder) => rm(join(folder, 'a.csv'))],
    ['a file of another name', (folder) => rename(join(folder, 'a.csv'), join(folder, 'a2.csv'))],
    ['a row more', (folder) => appendFile(join(folder, 'b.csv'), '3,x\n')],
  ];
  for (const [what, change] of changes)
    it(`${what}: source-changed, and another fingerprint`, () =>
      withStore({ 'a.csv': 'id,v\n1,x\n', 'b.csv': 'id,v\n2,x\n' }, '*.csv', async (_source, snapshot, folder) => {
        await delimitedSourceKind.checkUnchanged(snapshot);
        await change(folder);
        await assert.rejects(delimitedSourceKind.checkUnchanged(snapshot), { code: 'source-changed' });
        const again = await delimitedSourceKind.freezeFiles!(join(folder, '*.csv'), { scratch: folder, signal });
        assert.notEqual(again.fingerprint, snapshot.fingerprint);
      }));

  it('a file that goes while it is read: source-changed', () =>
    withStore({ 'a.csv': 'id,v\n1,x\n', 'b.csv': 'id,v\n2,x\n' }, '*.csv', async (source, _snapshot, folder) => {
      await rm(join(folder, 'b.csv'));
      await assert.rejects(rowsOf(source, 'store', ['id']), { code: 'source-changed' });
    }));

  it('a folder that is called like a column has a name of its own', () =>
    withStore({ 'year=2024/a.csv': 'id,year\n1,1999\n' }, '.', async (source) => {
      assert.deepEqual(await rowsOf(source, 'store', ['id', 'year', 'year_2']), [['1', '1999', '2024']]);
    }));

  it('private copies of all files lie in one folder, which goes when freezing fails', () =>
    withFiles({ 'a.csv.gz': gzipSync('id,v\n1,x\n'), 'b.csv.gz': gzipSync('id,v\n1,"x\n') }, async (folder) => {
      const scratch = join(folder, 'scratch');
      await mkdir(scratch);
      await assert.rejects(delimitedSourceKind.freezeFiles!(join(folder, '*.gz'), { scratch, signal }), { code: 'unreadable-records' });
      assert.deepEqual(await readdir(scratch), []);
    }));
});

async function descriptors(): Promise<number> {
  return process.platform === 'linux' ? (await readdir('/proc/self/fd')).length : 0;
}
