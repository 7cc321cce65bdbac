const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/**
 * MurmurHash3 x86 128 (Austin Appleby, public domain) of `bytes[start, end)`; the four 32-bit lanes go into `lanes`.
 * In JavaScript because a call into WebAssembly and back costs more than hashing a row of usual size (docs/adr/0006); not for secrets.
 */
export function hash128(bytes: DataView, start: number, end: number, seed: number, lanes: Uint32Array): void {
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  const length = end - start;
  const blocksEnd = end - (length & 15);
  for (let at = start; at < blocksEnd; at += 16) {
    h1 ^= Math.imul(rotate15(Math.imul(bytes.getInt32(at, true), c1)), c2);
    h1 = (Math.imul(((h1 << 19) | (h1 >>> 13)) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate16(Math.imul(bytes.getInt32(at + 4, true), c2)), c3);
    h2 = (Math.imul(((h2 << 17) | (h2 >>> 15)) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate17(Math.imul(bytes.getInt32(at + 8, true), c3)), c4);
    h3 = (Math.imul(((h3 << 15) | (h3 >>> 17)) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate18(Math.imul(bytes.getInt32(at + 12, true), c4)), c1);
    h4 = (Math.imul(((h4 << 13) | (h4 >>> 19)) + h1, 5) + 0x32ac3b17) | 0;
  }
  const rest = length & 15;
  if (rest > 12) h4 ^= Math.imul(rotate18(Math.imul(partialWord(bytes, blocksEnd + 12, end), c4)), c1);
  if (rest > 8) h3 ^= Math.imul(rotate17(Math.imul(partialWord(bytes, blocksEnd + 8, end), c3)), c4);
  if (rest > 4) h2 ^= Math.imul(rotate16(Math.imul(partialWord(bytes, blocksEnd + 4, end), c2)), c3);
  if (rest > 0) h1 ^= Math.imul(rotate15(Math.imul(partialWord(bytes, blocksEnd, end), c1)), c2);
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = ((h1 ^ length) + h2 + h3 + h4) | 0;
  h2 = mix((h2 + h1) | 0);
  h3 = mix((h3 + h1) | 0);
  h4 = mix((h4 + h1) | 0);
  h1 = (mix(h1) + h2 + h3 + h4) | 0;
  lanes[0] = h1;
  lanes[1] = h2 + h1;
  lanes[2] = h3 + h1;
  lanes[3] = h4 + h1;
}

/** Spreads every bit of a 32-bit number over all of them. */
export function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Up to four bytes from `at`, little-endian; those from `end` on are 0. */
function partialWord(bytes: DataView, at: number, end: number): number {
  let word = 0;
  for (let i = Math.min(at + 4, end) - 1; i >= at; i--) word = (word << 8) | bytes.getUint8(i);
  return word;
}

function rotate15(x: number): number {
  return (x << 15) | (x >>> 17);
}

function rotate16(x: number): number {
  return (x << 16) | (x >>> 16);
}

function rotate17(x: number): number {
  return (x << 17) | (x >>> 15);
}

function rotate18(x: number): number {
  return (x << 18) | (x >>> 14);
}
