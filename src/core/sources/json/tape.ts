/**
 * A parsed document as a flat list of numbers, four for each node: its kind with flags, where its bytes begin and end, and the node behind it and all that
 * is in it. Objects and arrays are followed by what they hold: keys and values in turn, or elements. A key has the hash of its text in the fourth place.
 */
export const stride = 4;

export const kinds = { null: 0, false: 1, true: 2, integer: 3, number: 4, string: 5, array: 6, object: 7 } as const;

export const kindMask = 7;
/** A text with backslashes. */
export const escaped = 8;
/** A text with bytes that are not ASCII. */
export const high = 16;
/** A key that comes again in the same object: the last one counts. */
export const dropped = 32;

/** A document that was parsed, with the bytes that it was parsed from. */
export interface Tape {
  readonly bytes: Buffer;
  readonly nodes: Int32Array;
  /** There is white space between its parts. */
  readonly spaced: boolean;
  /** Entries that a later one of the same key replaces. */
  readonly repeated: number;
}

export function kindAt({ nodes }: Tape, node: number): number {
  return nodes[node]! & kindMask;
}

/** The first node in an object or array; it is `endOf` where there is none. */
export function firstIn(node: number): number {
  return node + stride;
}

/** Behind a node and all that is in it. */
export function nextOf({ nodes }: Tape, node: number): number {
  return nodes[node + 3]!;
}

/** Nodes in an object come in pairs: the value stands behind its key. */
export function valueOf(key: number): number {
  return key + stride;
}

/** Elements of an array, or entries of an object without those that were replaced. */
export function countIn(tape: Tape, node: number): number {
  const isObject = kindAt(tape, node) === kinds.object;
  const end = nextOf(tape, node);
  let count = 0;
  for (let at = firstIn(node); at < end;) {
    if (!isObject || (tape.nodes[at]! & dropped) === 0) count++;
    at = nextOf(tape, isObject ? valueOf(at) : at);
  }
  return count;
}
