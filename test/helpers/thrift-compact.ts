/** A value that knows its type in Thrift's compact protocol, as footers and page headers of Parquet are written in. */
export interface ThriftValue {
  readonly type: number;
  readonly bytes: Buffer;
}

/** Also the enums. https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md */
export const i32 = (value: number | bigint): ThriftValue => ({ type: 5, bytes: zigzag(BigInt(value)) });
export const i64 = (value: number | bigint): ThriftValue => ({ type: 6, bytes: zigzag(BigInt(value)) });
/** In a field the type is the value. */
export const bool = (value: boolean): ThriftValue => ({ type: value ? 1 : 2, bytes: Buffer.alloc(0) });

export function binary(value: string | Uint8Array): ThriftValue {
  const bytes = Buffer.from(value as string);
  return { type: 8, bytes: Buffer.concat([varint(bytes.length), bytes]) };
}

/** Elements are of one type. */
export function list(elements: readonly ThriftValue[]): ThriftValue {
  const type = elements[0]?.type ?? 12;
  const size = elements.length;
  const head = size < 15 ? Buffer.from([(size << 4) | type]) : Buffer.concat([Buffer.from([0xf0 | type]), varint(size)]);
  return { type: 9, bytes: Buffer.concat([head, ...elements.map(({ bytes }) => bytes)]) };
}

/** Fields by their ids; those that are undefined are left out. */
export function struct(fields: Readonly<Record<number, ThriftValue | undefined>>): ThriftValue {
  const pieces: Buffer[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    // Fifteen is the longest step that the short form has.
    pieces.push(Buffer.from([((Number(key) - last) << 4) | value.type]), value.bytes);
    last = Number(key);
  }
  return { type: 12, bytes: Buffer.concat([...pieces, Buffer.from([0])]) };
}

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function zigzag(value: bigint): Buffer {
  return varint(value < 0n ? -value * 2n - 1n : value * 2n);
}
