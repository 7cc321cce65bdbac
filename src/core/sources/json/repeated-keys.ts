import { decodeText } from './decode-text.ts';
import { dropped, escaped, stride } from './tape.ts';

/** Keys of an object up to which each is compared with each. */
const mostPairs = 24;

/** Gives the keys of an object their hashes and marks those that come again; the last of equal keys counts. Returns how many were marked. */
export function dropRepeatedKeys(bytes: Uint8Array, nodes: Int32Array, object: number): number {
  const end = nodes[object + 3]!;
  let keys = 0;
  for (let key = object + stride; key < end; key = nodes[key + stride + 3]!) {
    nodes[key + 3] = hashOf(bytes, nodes, key);
    keys++;
  }
  if (keys < 2) return 0;
  return keys <= mostPairs ? dropByPairs(bytes, nodes, object, end) : dropByMap(bytes, nodes, object, end);
}

/** Of the text of a key, however it is written. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 17;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  return hash;
}

function hashOf(bytes: Uint8Array, nodes: Int32Array, key: number): number {
  const [from, to] = [nodes[key + 1]! + 1, nodes[key + 2]! - 1];
  if ((nodes[key]! & escaped) === 0) return hashBytes(bytes, from, to);
  const text = decodeText(bytes, from, to);
  return hashBytes(text, 0, text.length);
}

function dropByPairs(bytes: Uint8Array, nodes: Int32Array, object: number, end: number): number {
  let found = 0;
  for (let key = object + stride; key < end; key = nodes[key + stride + 3]!) {
    const hash = nodes[key + 3]!;
    for (let later = nodes[key + stride + 3]!; later < end; later = nodes[later + stride + 3]!)
      if (nodes[later + 3] === hash && sameKey(bytes, nodes, key, later)) {
        nodes[key]! |= dropped;
        found++;
        break;
      }
  }
  return found;
}

function dropByMap(bytes: Uint8Array, nodes: Int32Array, object: number, end: number): number {
  let found = 0;
  const byHash = new Map<number, number[]>();
  for (let key = object + stride; key < end; key = nodes[key + stride + 3]!) {
    const known = byHash.get(nodes[key + 3]!);
    if (known === undefined) {
      byHash.set(nodes[key + 3]!, [key]);
      continue;
    }
    const same = known.findIndex((other) => sameKey(bytes, nodes, other, key));
    if (same < 0) known.push(key);
    else {
      nodes[known[same]!]! |= dropped;
      known[same] = key;
      found++;
    }
  }
  return found;
}

function sameKey(bytes: Uint8Array, nodes: Int32Array, a: number, b: number): boolean {
  return Buffer.compare(keyBytes(bytes, nodes, a), keyBytes(bytes, nodes, b)) === 0;
}

/** The text of a key in UTF-8. */
export function keyBytes(bytes: Uint8Array, nodes: Int32Array, key: number): Uint8Array {
  const [from, to] = [nodes[key + 1]! + 1, nodes[key + 2]! - 1];
  return (nodes[key]! & escaped) === 0 ? bytes.subarray(from, to) : decodeText(bytes, from, to);
}
