import { MigrationError } from '../../../errors.ts';
import type { BrokenRecord } from '../anchor.ts';
import { recordLimits } from '../pickle/pickle-limits.ts';
import { RecordFault } from '../record-fault.ts';
import { brokenRecord, isBroken, keyText, longestKey, recordOr, type StoredRecord, type StoredRecords } from '../stored-record.ts';
import { bytesOf, type ByteOrder } from './byte-order.ts';
import { corrupt, StoreFile } from './store-file.ts';

/** Hash databases of Berkeley DB 3 to 5 (db_page.h, hash.h): what Debian's and Ubuntu's Python writes as dbm.ndbm. */
const magic = 0x061561;

const header = { magic: 12, version: 16, pageBytes: 20, encryption: 24, flags: 26 } as const;
const page = { number: 8, next: 16, entries: 20, length: 22, type: 25, content: 26 } as const;
const types = { unsorted: 2, overflow: 7, sorted: 13 } as const;
const items = { inline: 1, offPage: 3 } as const;
/** Pages have sums of their content, which move everything in them. */
const withChecksums = 1;

interface Database {
  readonly file: StoreFile;
  readonly order: ByteOrder;
  readonly pageBytes: number;
}

export function isBerkeleyHead(head: Uint8Array): boolean {
  return orderOf(head, header.magic) !== null;
}

/** Berkeley DB 1.85, which macOS has: its magic comes first. It is told, and not read. */
export function isOldBerkeleyHead(head: Uint8Array): boolean {
  return orderOf(head, 0) !== null;
}

/** Records of a Berkeley DB hash file, in the order of its pages. Throws `unread-jac-form`, `corrupt-store`, `unreadable-file` or `no-such-file`. */
export function* readBerkeleyHash(path: string): StoredRecords {
  const file = new StoreFile(path);
  try {
    const database = openDatabase(file);
    for (let number = 1; (number + 1) * database.pageBytes <= file.size; number++) yield* readPage(database, number);
    if (file.size % database.pageBytes !== 0) yield brokenRecord('', null, 'the file ends in the middle of a page');
  } finally {
    file.close();
  }
}

function orderOf(head: Uint8Array, at: number): ByteOrder | null {
  if (head.length < at + 4) return null;
  for (const order of [bytesOf.little, bytesOf.big]) if (order.uint32(Buffer.from(head), at) === magic) return order;
  return null;
}

function openDatabase(file: StoreFile): Database {
  const head = file.read(0, Math.min(file.size, 72));
  if (isOldBerkeleyHead(head)) throw unread(file, 'it is a hash file of Berkeley DB 1.85, which Python uses on macOS');
  const order = orderOf(head, header.magic);
  if (order === null || head.length < 72) throw corrupt(file.path, 'it is cut off in its header');
  const version = order.uint32(head, header.version);
  if (version < 7 || version > 10) throw unread(file, `version ${version} of Berkeley DB's hash files is not known`);
  if (head[header.encryption] !== 0) throw unread(file, 'its pages are encrypted');
  if ((head[header.flags]! & withChecksums) !== 0) throw unread(file, 'its pages have checksums');
  const pageBytes = order.uint32(head, header.pageBytes);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0)
    throw corrupt(file.path, `it says that its pages have ${pageBytes} bytes`);
  return { file, order, pageBytes };
}

function unread({ path }: StoreFile, detail: string): MigrationError {
  return new MigrationError('unread-jac-form', { context: { path, detail } });
}

/** Keys and values in turn. A page that is free, or belongs to a value, has none. */
function* readPage(database: Database, number: number): StoredRecords {
  const { file, order, pageBytes } = database;
  const at = number * pageBytes;
  const bytes = file.read(at, pageBytes);
  const type = bytes[page.type]!;
  if (type !== types.sorted && type !== types.unsorted) return;
  const entries = order.uint16(bytes, page.entries);
  if (order.uint32(bytes, page.number) !== number || page.content + 2 * entries > pageBytes) {
    yield brokenRecord('', at, `page ${number} is damaged`);
    return;
  }
  if (entries % 2 !== 0) yield brokenRecord('', at, `page ${number} has a key without a value`);
  for (let item = 0; item + 1 < entries; item += 2) yield readPair(database, bytes, at, item);
}

function readPair(database: Database, bytes: Buffer, at: number, item: number): StoredRecord | BrokenRecord {
  let key = '';
  const pair = recordOr(key, at, () => {
    const keyBytes = readItem(database, bytes, item);
    if (keyBytes.length > longestKey) throw new RecordFault(`its key has ${keyBytes.length} bytes`);
    key = keyText(keyBytes);
    const offset = at + placeOf(database, bytes, item + 1)[0] + 1;
    return { key, value: readItem(database, bytes, item + 1), offset };
  });
  return isBroken(pair) ? { ...pair, key } : pair;
}

/** Items grow from the end of a page to its front: each ends where the one before it begins. */
function placeOf({ order, pageBytes }: Database, bytes: Buffer, item: number): readonly [from: number, to: number] {
  const place = (index: number): number => (index < 0 ? pageBytes : order.uint16(bytes, page.content + 2 * index));
  const [from, to] = [place(item), place(item - 1)];
  const entries = order.uint16(bytes, page.entries);
  if (from >= to || to > pageBytes || from < page.content + 2 * entries) throw new RecordFault('its place in its page is none');
  return [from, to];
}

function readItem(database: Database, bytes: Buffer, item: number): Uint8Array {
  const { file, order } = database;
  const [from, to] = placeOf(database, bytes, item);
  if (bytes[from] === items.inline) return Uint8Array.from(bytes.subarray(from + 1, to));
  if (bytes[from] !== items.offPage) throw new RecordFault(`it is kept in a way (${bytes[from]}) in which Python keeps nothing`);
  if (to - from < 12) throw new RecordFault('its place in its page is none');
  const total = order.uint32(bytes, from + 8);
  if (total > Math.min(file.size, recordLimits.bytes)) throw new RecordFault(`it says that it has ${total} bytes`);
  return readOverflow(database, order.uint32(bytes, from + 4), total);
}

/** A long item goes on from page to page. Each page has at least one byte of it, so that a circle of pages has an end. */
function readOverflow({ file, order, pageBytes }: Database, first: number, total: number): Uint8Array {
  const whole = Buffer.allocUnsafe(total);
  let done = 0;
  for (let number = first; done < total;) {
    const at = number * pageBytes;
    if (number === 0 || !file.holds(at, pageBytes)) throw new RecordFault('it goes on in a page that is not there');
    const bytes = file.readValue(at, pageBytes);
    const length = order.uint16(bytes, page.length);
    if (bytes[page.type] !== types.overflow || length === 0 || length > pageBytes - page.content || length > total - done)
      throw new RecordFault('it goes on in a page that does not belong to it');
    bytes.copy(whole, done, page.content, page.content + length);
    done += length;
    number = order.uint32(bytes, page.next);
  }
  return whole;
}
