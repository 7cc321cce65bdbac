import { createHash } from 'node:crypto';
import type { Sample } from './read-sample.ts';

/** Floats that are hashed at once; they are copied out of the shared memory. */
const pieceLength = 1 << 18;

/** SHA-256 of the keys and vectors of a sample in their order: two samples with the same one have the same layout. */
export function fingerprintOf({ matrix, keys }: Pick<Sample, 'matrix' | 'keys'>): string {
  const hash = createHash('sha256');
  hash.update(`${matrix.rows} ${matrix.dimensions}\n`);
  for (const key of keys) hash.update(`${JSON.stringify(key)}\n`);
  for (let start = 0; start < matrix.values.length; start += pieceLength) {
    const piece = new Float32Array(matrix.values.subarray(start, start + pieceLength));
    hash.update(new Uint8Array(piece.buffer));
  }
  return hash.digest('hex');
}
