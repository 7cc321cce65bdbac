/** Small files in the forms of dbm libraries, also of machines that nobody has at hand: as their headers define them. */

export type Records = readonly (readonly [key: string, value: Uint8Array])[];

type Order = 'little' | 'big';

/** Writes numbers of one order of bytes. */
function writer(
  bytes: Buffer,
  order: Order,
): { u16(at: number, value: number): void; u32(at: number, value: number): void; offset(at: number, value: number, width: 4 | 8): void } {
  const u32 = (at: number, value: number): void =>
    void (order === 'little' ? bytes.writeUInt32LE(value >>> 0, at) : bytes.writeUInt32BE(value >>> 0, at));
  return {
    u16: (at, value) => void (order === 'little' ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at)),
    u32,
    offset: (at, value, width) => {
      if (width === 4) return u32(at, value);
      void (order === 'little' ? bytes.writeBigUInt64LE(BigInt(value), at) : bytes.writeBigUInt64BE(BigInt(value), at));
    },
  };
}

export interface GdbmShape {
  readonly magic: number;
  readonly order: Order;
  readonly width: 4 | 8;
}

const gdbmBucket = 512;
export const gdbmBucketAt = 1_024;

/** One bucket, to which both entries of the directory point (gdbmdefs.h). */
export function gdbmFile({ magic, order, width }: GdbmShape, records: Records): Buffer {
  const elements = width === 8 ? 112 : 60;
  const values = gdbmBucketAt + gdbmBucket;
  const bytes = Buffer.alloc(values + records.reduce((sum, [key, value]) => sum + key.length + value.length, 0));
  const { u32, offset } = writer(bytes, order);
  u32(0, magic);
  u32(4, 512);
  offset(8, 512, width);
  for (const [i, value] of [2 * width, 1, gdbmBucket, Math.floor((gdbmBucket - elements) / (width === 8 ? 24 : 20))].entries())
    u32(8 + width + 4 * i, value);
  for (const entry of [0, 1]) offset(512 + entry * width, gdbmBucketAt, width);
  bytes.fill(0xff, gdbmBucketAt + elements, values);
  u32(gdbmBucketAt + (width === 8 ? 108 : 56), records.length);
  let place = values;
  for (const [i, [key, value]] of records.entries()) {
    const at = gdbmBucketAt + elements + i * (16 + width);
    u32(at, 1 + i);
    bytes.write(key.slice(0, 4), at + 4, 'latin1');
    offset(at + 8, place, width);
    u32(at + 8 + width, key.length);
    u32(at + 12 + width, value.length);
    bytes.write(key, place, 'latin1');
    bytes.set(value, place + key.length);
    place += key.length + value.length;
  }
  return bytes;
}

export const berkeleyPage = 512;

/** A header page, a page of hashes, and a page for each part of a value that does not fit (db_page.h). */
export function berkeleyFile(order: Order, records: Records): Buffer {
  const room = berkeleyPage - 26;
  const pages: Buffer[] = [Buffer.alloc(berkeleyPage), Buffer.alloc(berkeleyPage)];
  const head = writer(pages[0]!, order);
  head.u32(12, 0x061561);
  head.u32(16, 9);
  head.u32(20, berkeleyPage);
  const hash = writer(pages[1]!, order);
  hash.u32(8, 1);
  hash.u16(20, 2 * records.length);
  pages[1]![25] = 13;
  let end = berkeleyPage;
  const put = (index: number, item: Buffer): void => {
    end -= item.length;
    item.copy(pages[1]!, end);
    hash.u16(26 + 2 * index, end);
  };
  for (const [i, [key, value]] of records.entries()) {
    put(2 * i, Buffer.concat([Uint8Array.of(1), Buffer.from(key, 'latin1')]));
    if (value.length < 100) {
      put(2 * i + 1, Buffer.concat([Uint8Array.of(1), value]));
      continue;
    }
    const item = Buffer.alloc(12, 3);
    writer(item, order).u32(4, pages.length);
    writer(item, order).u32(8, value.length);
    for (let from = 0; from < value.length; from += room) {
      const page = Buffer.alloc(berkeleyPage);
      const part = value.subarray(from, from + room);
      writer(page, order).u32(8, pages.length);
      writer(page, order).u32(16, from + room < value.length ? pages.length + 1 : 0);
      writer(page, order).u16(22, part.length);
      page[25] = 7;
      page.set(part, 26);
      pages.push(page);
    }
    put(2 * i + 1, item);
  }
  return Buffer.concat(pages);
}

/** The two files of dbm.dumb, with values at multiples of 512. */
export function dumbFilesOf(records: Records): { readonly dir: string; readonly dat: Buffer } {
  const parts: Buffer[] = [];
  const lines: string[] = [];
  let at = 0;
  for (const [key, value] of records) {
    lines.push(`'${key}', (${at}, ${value.length})\n`);
    const padded = Buffer.alloc(Math.ceil(value.length / 512) * 512);
    padded.set(value);
    parts.push(padded);
    at += padded.length;
  }
  return { dir: lines.join(''), dat: Buffer.concat(parts) };
}
