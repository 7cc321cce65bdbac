import { formatPointer } from '../../model/json-pointer.ts';
import { hashBytes, keyBytes } from './repeated-keys.ts';
import { dropped, escaped, firstIn, kindAt, kinds, nextOf, stride, type Tape } from './tape.ts';

/** A key that is looked for in many objects. */
export interface SoughtKey {
  readonly bytes: Buffer;
  readonly hash: number;
  /** As a step of a JSON Pointer. */
  readonly pointer: string;
  /** As a place in an array; -1 = it is none. */
  readonly position: number;
}

export function soughtKey(key: string): SoughtKey {
  const bytes = Buffer.from(key);
  return {
    bytes,
    hash: hashBytes(bytes, 0, bytes.length),
    pointer: formatPointer([key]),
    position: /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : -1,
  };
}

/** The node at a pointer below `node`; -1 = nothing is there. */
export function findValue(tape: Tape, node: number, keys: readonly SoughtKey[]): number {
  let at = node;
  for (const key of keys) {
    const kind = kindAt(tape, at);
    at = kind === kinds.object ? findKey(tape, at, key) : kind === kinds.array ? findElement(tape, at, key.position) : -1;
    if (at < 0) return -1;
  }
  return at;
}

/** The value of a key in an object; -1 = it has none. */
export function findKey(tape: Tape, object: number, { bytes: wanted, hash }: SoughtKey): number {
  const { bytes, nodes } = tape;
  const end = nodes[object + 3]!;
  for (let key = firstIn(object); key < end; key = nodes[key + stride + 3]!) {
    if (nodes[key + 3] !== hash || (nodes[key]! & dropped) !== 0) continue;
    const from = nodes[key + 1]! + 1;
    const to = nodes[key + 2]! - 1;
    const same =
      (nodes[key]! & escaped) === 0
        ? to - from === wanted.length && bytes.compare(wanted, 0, wanted.length, from, to) === 0
        : wanted.equals(keyBytes(bytes, nodes, key));
    if (same) return key + stride;
  }
  return -1;
}

function findElement(tape: Tape, array: number, position: number): number {
  const end = nextOf(tape, array);
  let node = firstIn(array);
  for (let i = 0; node < end; i++, node = nextOf(tape, node)) if (i === position) return node;
  return -1;
}
