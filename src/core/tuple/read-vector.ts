import type { PgType } from '../model/pg-type.ts';
import { fromFloat16Bits } from './float16.ts';

/** The numbers of a `vector` or `halfvec` field that is not NULL: `start` is where its value begins in a binary tuple. */
export function readVector(type: Pick<PgType, 'name'>, buffer: Uint8Array, start: number): Float32Array {
  const view = new DataView(buffer.buffer, buffer.byteOffset + start);
  const vector = new Float32Array(view.getInt16(0));
  if (type.name === 'halfvec') for (let i = 0; i < vector.length; i++) vector[i] = fromFloat16Bits(view.getUint16(4 + i * 2));
  else for (let i = 0; i < vector.length; i++) vector[i] = view.getFloat32(4 + i * 4);
  return vector;
}
