import { isUtf8 } from 'node:buffer';
import { InvalidText, type SourceValue } from '../../model/source-value.ts';
import { decodeText } from './decode-text.ts';
import { dropped, escaped, firstIn, high, kindAt, kindMask, kinds, nextOf, type Tape } from './tape.ts';

/** A value as a source hands it over: what is nested is JSON, a number that is no integer of 64 bits its own text, and JSON's null is null. */
export function nodeValue(tape: Tape, node: number): SourceValue {
  switch (kindAt(tape, node)) {
    case kinds.null:
      return null;
    case kinds.false:
      return false;
    case kinds.true:
      return true;
    case kinds.integer:
      return integer(tape, node);
    case kinds.string:
      return nodeText(tape, node);
    default:
      return nodeJson(tape, node);
  }
}

/** JSON of a value, whatever it is: numbers with their own digits, keys in their order, the last of equal keys, no white space between. */
export function nodeJson(tape: Tape, node: number): string | InvalidText {
  const { bytes, nodes, spaced, repeated } = tape;
  const isNested = kindAt(tape, node) >= kinds.array;
  const json = isNested && (spaced || repeated > 0) ? compact(tape, node) : bytes.subarray(nodes[node + 1], nodes[node + 2]);
  return textOf(json);
}

/** The text of a string or a key. */
export function nodeText({ bytes, nodes }: Tape, node: number): string | InvalidText {
  const [from, to, flags] = [nodes[node + 1]! + 1, nodes[node + 2]! - 1, nodes[node]!];
  if ((flags & escaped) !== 0) return textOf(decodeText(bytes, from, to));
  return (flags & high) === 0 ? bytes.toString('latin1', from, to) : textOf(bytes.subarray(from, to));
}

function textOf(bytes: Buffer): string | InvalidText {
  return isUtf8(bytes) ? bytes.toString() : new InvalidText(Uint8Array.from(bytes));
}

function integer({ bytes, nodes }: Tape, node: number): bigint {
  const [from, to] = [nodes[node + 1]!, nodes[node + 2]!];
  if (to - from > 15) return BigInt(bytes.toString('latin1', from, to));
  let whole = 0;
  const negative = bytes[from] === 0x2d;
  for (let at = negative ? from + 1 : from; at < to; at++) whole = whole * 10 + bytes[at]! - 0x30;
  return BigInt(negative ? -whole : whole);
}

/** Nodes stand in the order of their bytes, so that they only have to be copied with the signs between them. */
function compact(tape: Tape, root: number): Buffer {
  const { bytes, nodes } = tape;
  const json = Buffer.allocUnsafe(nodes[root + 2]! - nodes[root + 1]!);
  const open: number[] = [];
  const end = nextOf(tape, root);
  let length = 0;
  let isKey = false;
  let first = true;
  for (let node = root; node < end || open.length > 0;) {
    const container = open.at(-1);
    if (container !== undefined && node >= nextOf(tape, container)) {
      open.pop();
      json[length++] = (nodes[container]! & kindMask) === kinds.object ? 0x7d : 0x5d;
      isKey = isObject(tape, open.at(-1));
      first = false;
      continue;
    }
    const inObject = isObject(tape, container);
    if (inObject && isKey && (nodes[node]! & dropped) !== 0) {
      node = nextOf(tape, firstIn(node));
      continue;
    }
    if (inObject && !isKey) json[length++] = 0x3a;
    else if (!first) json[length++] = 0x2c;
    first = false;
    if ((nodes[node]! & kindMask) >= kinds.array) {
      const object = (nodes[node]! & kindMask) === kinds.object;
      json[length++] = object ? 0x7b : 0x5b;
      open.push(node);
      isKey = object;
      first = true;
    } else {
      length = copy(bytes, nodes[node + 1]!, nodes[node + 2]!, json, length);
      isKey = inObject && !isKey;
    }
    node = firstIn(node);
  }
  return json.subarray(0, length);
}

/** Most parts are a few bytes, for which a call into the system takes longer than copying them. */
function copy(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (end - start > 64) return at + from.copy(to, at, start, end);
  let length = at;
  for (let i = start; i < end; i++) to[length++] = from[i]!;
  return length;
}

function isObject(tape: Tape, node: number | undefined): boolean {
  return node !== undefined && kindAt(tape, node) === kinds.object;
}
