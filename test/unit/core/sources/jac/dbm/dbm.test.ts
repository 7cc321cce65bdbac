import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError } from '../../../../../../src/core/errors.ts';
import { readBerkeleyHash } from '../../../../../../src/core/sources/jac/dbm/berkeley-hash.ts';
import { readDumb } from '../../../../../../src/core/sources/jac/dbm/dumb.ts';
import { readGdbm } from '../../../../../../src/core/sources/jac/dbm/gdbm.ts';
import { isBroken, type StoredRecords } from '../../../../../../src/core/sources/jac/stored-record.ts';
import { berkeleyFile, berkeleyPage, dumbFilesOf, gdbmBucketAt, gdbmFile, type Records } from '../../../../../helpers/dbm-writer.ts';
import { inFolder } from '../../../../../helpers/jac-fixtures.ts';

const records: Records = [
  ['first', Buffer.from('one')],
  ['second', Buffer.alloc(1_500, 7)],
  ['', Buffer.alloc(0)],
];

/** Keys with values, and reasons in place of values. */
function readAll(of: StoredRecords): readonly (readonly [string, Uint8Array | string])[] {
  return [...of].map((record) => [record.key, isBroken(record) ? record.reason : Uint8Array.from(record.value)] as const);
}

const good = records.map(([key, value]) => [key, Uint8Array.from(value)] as const);

function readBytes(read: (path: string) => StoredRecords, bytes: Uint8Array): readonly (readonly [string, Uint8Array | string])[] {
  return inFolder((folder) => {
    const path = join(folder, 'store');
    writeFileSync(path, bytes);
    return readAll(read(path));
  });
}

function refuses(work: () => unknown, detail: RegExp, code = 'corrupt-store'): void {
  assert.throws(work, (error) => error instanceof MigrationError && error.code === code && detail.test(error.message));
}

/** A file with one number replaced. */
function damaged(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(value >>> 0, at);
  return copy;
}

describe('GNU dbm files', () => {
  const shapes = [
    { magic: 0x13579acd, width: 4 },
    { magic: 0x13579ace, width: 4 },
    { magic: 0x13579ace, width: 8 },
    { magic: 0x13579acf, width: 8 },
    { magic: 0x13579ad0, width: 4 },
    { magic: 0x13579ad1, width: 8 },
  ] as const;
  for (const shape of shapes)
    for (const order of ['little', 'big'] as const)
      it(`X01 magic ${shape.magic.toString(16)}, offsets of ${shape.width} bytes, ${order} endian`, () => {
        assert.deepEqual(readBytes(readGdbm, gdbmFile({ ...shape, order }, records)), good);
      });

  const file = gdbmFile({ magic: 0x13579acf, order: 'little', width: 8 }, records);
  const element = gdbmBucketAt + 112;

  it('refuses a header that does not fit', () => {
    refuses(() => readBytes(readGdbm, file.subarray(0, 40)), /cut off in its header/);
    refuses(() => readBytes(readGdbm, file.subarray(0, 520)), /points to places/);
    for (const [at, value] of [
      [8, 1 << 30],
      [16, 24],
      [20, 40],
      [24, 8],
      [24, 1 << 30],
    ] as const)
      refuses(() => readBytes(readGdbm, damaged(file, at, value)), /points to places/);
  });

  it('goes on behind what is damaged', () => {
    const [, two, three] = good;
    const otherwise = (at: number, value: number): unknown => readBytes(readGdbm, damaged(file, at, value));
    assert.deepEqual(otherwise(element + 8, 1 << 30), [['firs', 'it lies behind the end of the file'], two, three]);
    assert.deepEqual(otherwise(element + 20, 1 << 30), [['firs', 'it lies behind the end of the file'], two, three]);
    assert.deepEqual(otherwise(element + 16, 300), [['firs', 'its key has 300 bytes'], two, three]);
    assert.deepEqual(otherwise(element + 4, 0), [['\\x00\\x00\\x00\\x00', 'its key is not the one that its bucket has'], two, three]);
    assert.deepEqual(otherwise(element, -1), [two, three, ['', 'a bucket says that it has 3 records, and 2 are there']]);
    assert.deepEqual(otherwise(512, 1 << 30), [['', 'a bucket of records lies behind the end of the file'], ...good]);
  });

  it('is not led round in circles', () => {
    const large = gdbmFile({ magic: 0x13579acf, order: 'little', width: 8 }, [['key', Buffer.alloc(4_000)], ...records]);
    // The second record is the first one as well.
    const twice = Buffer.from(large);
    large.copy(twice, element + 24, element, element + 24);
    refuses(() => readBytes(readGdbm, twice), /lie over each other/);
    // A directory of 1,024 entries in a file of 4 kB, each of them a bucket of its own.
    const many = Buffer.alloc(4_096 + 8_192);
    file.copy(many, 0, 0, 48);
    many.writeBigUInt64LE(4_096n, 8);
    many.writeUInt32LE(8_192, 16);
    many.writeUInt32LE(10, 20);
    for (let i = 0; i < 1_024; i++) many.writeBigUInt64LE(BigInt(48 + i), 4_096 + 8 * i);
    refuses(() => readBytes(readGdbm, many), /more buckets than it has room for/);
  });
});

describe('Berkeley DB hash files', () => {
  for (const order of ['little', 'big'] as const)
    it(`X01 ${order} endian, with a value of several pages`, () => {
      assert.deepEqual(readBytes(readBerkeleyHash, berkeleyFile(order, records)), good);
    });

  const file = berkeleyFile('little', records);
  const hash = berkeleyPage;
  const offPage = hash + file.readUInt16LE(hash + 26 + 2 * 3);

  it('refuses files of another kind', () => {
    const unread = 'unread-jac-form';
    refuses(() => readBytes(readBerkeleyHash, damaged(file, 0, 0x061561)), /Berkeley DB 1\.85/, unread);
    refuses(() => readBytes(readBerkeleyHash, file.subarray(0, 60)), /cut off in its header/);
    refuses(() => readBytes(readBerkeleyHash, damaged(file, 16, 2)), /version 2/, unread);
    refuses(() => readBytes(readBerkeleyHash, damaged(file, 20, 1_000)), /pages have 1000 bytes/);
    refuses(() => readBytes(readBerkeleyHash, damaged(file, 24, 1)), /encrypted/, unread);
    refuses(() => readBytes(readBerkeleyHash, damaged(file, 24, 1 << 16)), /checksums/, unread);
  });

  it('goes on behind what is damaged', () => {
    const [one, two, three] = good;
    const otherwise = (at: number, value: number): unknown => readBytes(readBerkeleyHash, damaged(file, at, value));
    const second = (reason: string): unknown => [one, ['second', reason], three];
    assert.deepEqual(otherwise(offPage + 4, 0), second('it goes on in a page that is not there'));
    assert.deepEqual(otherwise(offPage + 4, 99), second('it goes on in a page that is not there'));
    assert.deepEqual(otherwise(offPage + 4, 1), second('it goes on in a page that does not belong to it'));
    assert.deepEqual(otherwise(offPage + 8, 1 << 30), second('it says that it has 1073741824 bytes'));
    assert.deepEqual(otherwise(offPage, 2), second('it is kept in a way (2) in which Python keeps nothing'));
    assert.deepEqual(otherwise(hash + 8, 7), [['', 'page 1 is damaged']]);
    assert.deepEqual(readBytes(readBerkeleyHash, file.subarray(0, file.length - 1)), [
      one,
      ['second', 'it goes on in a page that is not there'],
      three,
      ['', 'the file ends in the middle of a page'],
    ]);
    const odd = Buffer.from(file);
    odd.writeUInt16LE(5, hash + 20);
    assert.deepEqual(readBytes(readBerkeleyHash, odd), [['', 'page 1 has a key without a value'], one, two]);
    for (const place of [3, berkeleyPage, 0xffff]) {
      const noPlace = Buffer.from(file);
      noPlace.writeUInt16LE(place, hash + 26);
      assert.deepEqual(readBytes(readBerkeleyHash, noPlace)[0], ['', 'its place in its page is none']);
    }
  });

  it('is not led round in circles', () => {
    // The first page of the value goes on in itself, until the value has all of its bytes.
    const page = 2 * berkeleyPage;
    assert.equal(readBytes(readBerkeleyHash, damaged(file, page + 16, 2)).length, 3);
    const empty = damaged(damaged(file, page + 16, 2), page + 20, 0);
    assert.deepEqual(readBytes(readBerkeleyHash, empty)[1], ['second', 'it goes on in a page that does not belong to it']);
    const long = damaged(damaged(file, page + 16, 2), offPage + 8, file.length);
    refuses(() => readBytes(readBerkeleyHash, long), /lie over each other/);
  });
});

describe('files of dbm.dumb', () => {
  const { dir, dat } = dumbFilesOf(records);
  const readFiles = (files: {
    readonly dir?: string;
    readonly bak?: string;
    readonly dat: Uint8Array;
  }): readonly (readonly [string, Uint8Array | string])[] =>
    inFolder((folder) => {
      const path = join(folder, 'main.session');
      for (const [suffix, content] of Object.entries(files)) writeFileSync(`${path}.${suffix}`, content);
      return readAll(readDumb({ data: `${path}.dat`, directory: `${path}.dir`, backup: `${path}.bak` }));
    });

  it('X01 reads each record', () => assert.deepEqual(readFiles({ dir, dat }), good));

  it('takes the last line of a key, and undoes the quotes of Python', () => {
    const lines = `'first', (512, 3)\n"it's", (0, 3)\r\n'it\\'s', (512, 2)\n${dir}`;
    assert.deepEqual(
      readFiles({ dir: lines, dat }).map(([key]) => key),
      ['first', "it's", 'second', ''],
    );
  });

  it('takes the directory before the last one where that is empty or gone', () => {
    assert.deepEqual(readFiles({ dir: '', bak: dir, dat }), good);
    assert.deepEqual(readFiles({ bak: dir, dat }), good);
    assert.deepEqual(readFiles({ dir, bak: `'other', (0, 1)\n`, dat }), good);
  });

  it('goes on behind what is damaged', () => {
    const [one, two, three] = good;
    const lines = `'gone', (99999, 3)\n'long', (0, 99999)\n{}\n${dir}'cut', (0, `;
    assert.deepEqual(readFiles({ dir: lines, dat }), [
      ['', 'line 3 of the directory names no record'],
      ['', 'the directory ends in the middle of a line: records behind it are not known'],
      ['gone', 'it lies behind the end of the file'],
      ['long', 'it lies behind the end of the file'],
      one,
      two,
      three,
    ]);
  });

  it('is not led round in circles', () => {
    const lines = Array.from({ length: 9 }, (_, i) => `'k${i}', (0, ${dat.length})\n`).join('');
    refuses(() => readFiles({ dir: lines, dat }), /lie over each other/);
  });
});
