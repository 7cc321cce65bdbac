import { writeFileSync } from 'node:fs';
import { binary, bool, i32, i64, list, struct, varint, type ThriftValue } from './thrift-compact.ts';

/** Numbers of https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
const physical = { INT32: 1, INT64: 2, FLOAT: 4, DOUBLE: 5, BYTE_ARRAY: 6, FIXED: 7 } as const;
const repetitions = { required: 0, optional: 1, repeated: 2 } as const;
const converted = { UTF8: 0, LIST: 3, ENUM: 4, TIME_MILLIS: 7 } as const;
const logical = {
  TIME_MILLIS: struct({ 7: struct({ 1: bool(false), 2: struct({ 1: struct({}) }) }) }),
  FLOAT16: struct({ 15: struct({}) }),
};

/** One element of a schema: a column, or a group of `children`. */
export interface ParquetNode {
  readonly name: string;
  readonly repetition: keyof typeof repetitions;
  readonly converted?: keyof typeof converted;
  readonly logical?: keyof typeof logical;
  readonly children?: readonly ParquetNode[];
  readonly type?: keyof typeof physical;
  /** Bytes of a FIXED. */
  readonly length?: number;
  /** Of a column: every value with its levels, those that are not there too; `bytes` as the plain encoding has them. */
  readonly values?: readonly LevelledValue[];
}

export interface LevelledValue {
  readonly repetition?: number;
  readonly definition?: number;
  readonly bytes?: Buffer;
}

/** Where a column stands in the file. */
interface WrittenColumn {
  readonly node: ParquetNode;
  readonly path: readonly string[];
  readonly offset: number;
  readonly bytes: Buffer;
}

/**
 * Writes a Parquet file of one row group with what DuckDB does not write: columns that are REQUIRED, old kinds of lists, types that it reads only. One plain
 * page a column, uncompressed.
 */
export function writeParquet(path: string, rows: number, columns: readonly ParquetNode[]): void {
  const magic = Buffer.from('PAR1', 'latin1');
  const pieces: Buffer[] = [magic];
  const written: WrittenColumn[] = [];
  let offset = magic.length;
  for (const leaf of columns.flatMap((column) => leavesOf(column, [], { repetition: 0, definition: 0 }))) {
    const bytes = pageOf(leaf.node, leaf.most);
    written.push({ node: leaf.node, path: leaf.path, offset, bytes });
    pieces.push(bytes);
    offset += bytes.length;
  }
  const footer = footerOf(rows, columns, written);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(footer.length);
  writeFileSync(path, Buffer.concat([...pieces, footer, size, magic]));
}

/** Length, then the bytes. */
export function plainBytes(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as string);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return Buffer.concat([size, bytes]);
}

export function plainInt32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

export function plainFloat(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

interface Levels {
  readonly repetition: number;
  readonly definition: number;
}

function leavesOf(
  node: ParquetNode,
  above: readonly string[],
  levels: Levels,
): readonly { readonly node: ParquetNode; readonly path: readonly string[]; readonly most: Levels }[] {
  const path = [...above, node.name];
  const most = {
    repetition: levels.repetition + Number(node.repetition === 'repeated'),
    definition: levels.definition + Number(node.repetition !== 'required'),
  };
  return node.children?.flatMap((child) => leavesOf(child, path, most)) ?? [{ node, path, most }];
}

function pageOf({ values = [] }: ParquetNode, most: Levels): Buffer {
  const body = Buffer.concat([
    encodeLevels(
      values.map(({ repetition = 0 }) => repetition),
      most.repetition,
    ),
    encodeLevels(
      values.map(({ definition }) => definition ?? most.definition),
      most.definition,
    ),
    ...values.map(({ bytes }) => bytes ?? Buffer.alloc(0)),
  ]);
  const page = struct({ 1: i32(values.length), 2: i32(0), 3: i32(3), 4: i32(3) });
  return Buffer.concat([struct({ 1: i32(0), 2: i32(body.length), 3: i32(body.length), 5: page }).bytes, body]);
}

/** A run of one for each level, with the length of all in front; nothing where there is only one level. */
function encodeLevels(levels: readonly number[], most: number): Buffer {
  return most === 0
    ? Buffer.alloc(0)
    : plainBytes(Buffer.concat(levels.map((level) => Buffer.concat([varint(1 << 1), Buffer.from([level])]))));
}

function footerOf(rows: number, columns: readonly ParquetNode[], written: readonly WrittenColumn[]): Buffer {
  const root = struct({ 4: binary('schema'), 5: i32(columns.length) });
  const chunks = written.map((column) => struct({ 2: i64(column.offset), 3: columnMetadata(column) }));
  const bytes = written.reduce((sum, column) => sum + column.bytes.length, 0);
  const group = struct({ 1: list(chunks), 2: i64(bytes), 3: i64(rows) });
  return struct({
    1: i32(1),
    2: list([root, ...columns.flatMap(schemaElements)]),
    3: i64(rows),
    4: list([group]),
    6: binary('sluice test'),
  }).bytes;
}

function columnMetadata({ node, path, offset, bytes }: WrittenColumn): ThriftValue {
  return struct({
    1: i32(physical[node.type ?? 'INT32']),
    2: list([i32(0), i32(3)]),
    3: list(path.map((name) => binary(name))),
    4: i32(0),
    5: i64(node.values?.length ?? 0),
    6: i64(bytes.length),
    7: i64(bytes.length),
    9: i64(offset),
  });
}

function schemaElements(node: ParquetNode): readonly ThriftValue[] {
  const element = struct({
    1: node.children === undefined ? i32(physical[node.type ?? 'INT32']) : undefined,
    2: node.length === undefined ? undefined : i32(node.length),
    3: i32(repetitions[node.repetition]),
    4: binary(node.name),
    5: node.children === undefined ? undefined : i32(node.children.length),
    6: node.converted === undefined ? undefined : i32(converted[node.converted]),
    10: node.logical === undefined ? undefined : logical[node.logical],
  });
  return [element, ...(node.children ?? []).flatMap(schemaElements)];
}
