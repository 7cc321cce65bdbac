import type { BrokenRecord } from '../anchor.ts';
import { RecordFault } from '../record-fault.ts';
import { brokenRecord, keyText, longestKey, recordOr, type StoredRecord, type StoredRecords } from '../stored-record.ts';
import { bytesOf, type ByteOrder } from './byte-order.ts';
import { corrupt, StoreFile } from './store-file.ts';

/** Magics of GNU dbm (gdbmconst.h) and the width of a file offset in files that have them; 0 = both were written with it. */
const magics: ReadonlyMap<number, number> = new Map([
  [0x13579acd, 4],
  [0x13579ace, 0],
  [0x13579acf, 8],
  [0x13579ad0, 4],
  [0x13579ad1, 8],
]);

/** Where the parts of a bucket lie, by the width of an offset. Numbers are aligned to their own size, as on 64-bit machines. */
interface Layout {
  readonly width: 4 | 8;
  readonly count: number;
  readonly elements: number;
  readonly elementSize: number;
}

const layouts: readonly Layout[] = [
  { width: 8, count: 108, elements: 112, elementSize: 24 },
  { width: 4, count: 56, elements: 60, elementSize: 20 },
];

interface Header {
  readonly order: ByteOrder;
  readonly layout: Layout;
  readonly directory: number;
  readonly directoryBytes: number;
  readonly bucketBytes: number;
}

export function isGdbmHead(head: Uint8Array): boolean {
  return orderOf(head) !== null;
}

/** Records of a GNU dbm file, in the order of its buckets. Throws `corrupt-store`, `unreadable-file` or `no-such-file`. */
export function* readGdbm(path: string): StoredRecords {
  const file = new StoreFile(path);
  try {
    const header = readHeader(file);
    for (const bucket of bucketsOf(file, header)) yield* readBucket(file, header, bucket);
  } finally {
    file.close();
  }
}

function orderOf(head: Uint8Array): ByteOrder | null {
  if (head.length < 4) return null;
  for (const order of [bytesOf.little, bytesOf.big]) if (magics.has(order.uint32(Buffer.from(head), 0))) return order;
  return null;
}

/** Old files do not say how wide their offsets are: the right width is the one by which the directory fits. */
function readHeader(file: StoreFile): Header {
  const head = file.read(0, Math.min(file.size, 48));
  const order = orderOf(head);
  if (order === null || head.length < 48) throw corrupt(file.path, 'it is cut off in its header');
  const width = magics.get(order.uint32(head, 0));
  const fitting = layouts.filter((layout) => width === 0 || width === layout.width).map((layout) => headerBy(head, order, layout));
  const header = fitting.find((one) => fits(file, one));
  if (header === undefined) throw corrupt(file.path, 'its header points to places that are not in it');
  return header;
}

interface HeaderWithBits extends Header {
  readonly directoryBits: number;
}

function headerBy(head: Buffer, order: ByteOrder, layout: Layout): HeaderWithBits {
  const { width } = layout;
  return {
    order,
    layout,
    directory: order.offset(head, 8, width),
    directoryBytes: order.uint32(head, 8 + width),
    directoryBits: order.uint32(head, 12 + width),
    bucketBytes: order.uint32(head, 16 + width),
  };
}

function fits(file: StoreFile, { layout, directory, directoryBytes, directoryBits, bucketBytes }: HeaderWithBits): boolean {
  return (
    directoryBits < 32 &&
    directoryBytes === layout.width * 2 ** directoryBits &&
    file.holds(directory, directoryBytes) &&
    bucketBytes >= layout.elements + layout.elementSize &&
    bucketBytes <= file.size
  );
}

/** Entries of the directory that are read at once. */
const window = 8_192;

/** Places of the buckets, each once: many entries of the directory point to the same one. */
function* bucketsOf(file: StoreFile, { order, layout, directory, directoryBytes, bucketBytes }: Header): Iterable<number> {
  const { width } = layout;
  const most = Math.ceil(file.size / bucketBytes);
  const seen = new Set<number>();
  for (let from = 0; from < directoryBytes; from += window * width) {
    const part = file.read(directory + from, Math.min(window * width, directoryBytes - from));
    for (let at = 0; at < part.length; at += width) {
      const bucket = order.offset(part, at, width);
      if (seen.has(bucket)) continue;
      seen.add(bucket);
      if (seen.size > most) throw corrupt(file.path, 'its directory names more buckets than it has room for');
      yield bucket;
    }
  }
}

function* readBucket(file: StoreFile, header: Header, at: number): StoredRecords {
  const { order, layout, bucketBytes } = header;
  if (!file.holds(at, bucketBytes)) {
    yield brokenRecord('', at, 'a bucket of records lies behind the end of the file');
    return;
  }
  const bucket = file.read(at, bucketBytes);
  let used = 0;
  for (let element = layout.elements; element + layout.elementSize <= bucketBytes; element += layout.elementSize) {
    // A hash is never negative: -1 is a free place.
    if (order.int32(bucket, element) === -1) continue;
    used++;
    yield readElement(file, header, bucket, element);
  }
  const counted = order.uint32(bucket, layout.count);
  if (counted !== used) yield brokenRecord('', at, `a bucket says that it has ${counted} records, and ${used} are there`);
}

function readElement(file: StoreFile, { order, layout }: Header, bucket: Buffer, element: number): StoredRecord | BrokenRecord {
  const begin = bucket.subarray(element + 4, element + 8);
  const place = order.offset(bucket, element + 8, layout.width);
  const keyBytes = order.uint32(bucket, element + 8 + layout.width);
  const valueBytes = order.uint32(bucket, element + 12 + layout.width);
  return recordOr(keyText(begin), null, () => {
    if (keyBytes > longestKey) throw new RecordFault(`its key has ${keyBytes} bytes`);
    const bytes = file.readValue(place, keyBytes + valueBytes);
    const known = Math.min(4, keyBytes);
    if (!bytes.subarray(0, known).equals(begin.subarray(0, known))) throw new RecordFault('its key is not the one that its bucket has');
    return { key: keyText(bytes.subarray(0, keyBytes)), value: bytes.subarray(keyBytes), offset: place + keyBytes };
  });
}
