import assert from 'node:assert/strict';
import { hash128 } from '../../../../src/core/tuple/hash-128.ts';

function hash(bytes: Uint8Array, seed: number): Buffer {
  const lanes = new Uint32Array(4);
  hash128(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, seed, lanes);
  const result = Buffer.alloc(16);
  lanes.forEach((lane, i) => result.writeUInt32LE(lane, i * 4));
  return result;
}

describe('hash128', () => {
  /** SMHasher's VerificationTest and the value in its main.cpp: https://github.com/aappleby/smhasher */
  it('is MurmurHash3_x86_128 by the reference suite', () => {
    const key = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const hashes = Buffer.concat(Array.from({ length: 256 }, (_, i) => hash(key.subarray(0, i), 256 - i)));
    assert.equal(hash(hashes, 0).readUInt32LE(0).toString(16), 'b3ece62a');
  });

  it('reads only its own bytes', () => {
    const lanes = [new Uint32Array(4), new Uint32Array(4)];
    const [a, b] = [Buffer.from('..seventeen bytes!!..'), Buffer.from('xxseventeen bytes!!xx')];
    hash128(new DataView(a.buffer, a.byteOffset, a.length), 2, 19, 0, lanes[0]!);
    hash128(new DataView(b.buffer, b.byteOffset, b.length), 2, 19, 0, lanes[1]!);
    assert.deepEqual(lanes[0], lanes[1]);
  });
});
