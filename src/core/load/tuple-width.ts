import type { PgType } from '../model/pg-type.ts';
import { builtInTypes } from '../sql/type-names.ts';

/** A row without the values that PostgreSQL can store apart, on pages of 8 kB (MaxHeapTupleSize). */
export const mostTupleBytes = 8_160;

/** What a long value leaves in the row when it is stored apart: a TOAST pointer. */
export const toastPointerBytes = 18;

/** Bytes and alignment of types of a fixed length, as in pg_type. */
const fixedTypes: Readonly<Record<string, readonly [bytes: number, alignment: number]>> = {
  boolean: [1, 1],
  smallint: [2, 2],
  integer: [4, 4],
  real: [4, 4],
  date: [4, 4],
  oid: [4, 4],
  macaddr: [6, 4],
  bigint: [8, 8],
  'double precision': [8, 8],
  money: [8, 8],
  time: [8, 8],
  timestamp: [8, 8],
  timestamptz: [8, 8],
  macaddr8: [8, 4],
  pg_lsn: [8, 8],
  timetz: [12, 8],
  interval: [16, 8],
  uuid: [16, 1],
  point: [16, 8],
  line: [24, 8],
  circle: [24, 8],
  box: [32, 8],
  lseg: [32, 8],
  name: [64, 1],
};

/** Bytes of a value of this type when they are always the same; null for types of a variable length and those that are not PostgreSQL's own. */
export function fixedWidth(type: PgType): readonly [bytes: number, alignment: number] | null {
  if (type.arrayDepth > 0 || type.schema !== null || !builtInTypes.has(type.name)) return null;
  return fixedTypes[type.name.startsWith('interval') ? 'interval' : type.name] ?? null;
}

/** Bytes of a row in the heap. `bytesOf` gives those of a column of variable length, null = NULL, which takes none, as for fixed ones. */
export function tupleBytes(types: readonly PgType[], bytesOf: (column: number) => number | null): number {
  let position = 0;
  let hasNull = false;
  for (const [column, type] of types.entries()) {
    const bytes = bytesOf(column);
    if (bytes === null) {
      hasNull = true;
      continue;
    }
    const [width, alignment] = fixedWidth(type) ?? [Math.min(bytes, toastPointerBytes), 1];
    position = align(position, alignment) + width;
  }
  return align(23 + (hasNull ? Math.ceil(types.length / 8) : 0), 8) + position;
}

function align(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}
