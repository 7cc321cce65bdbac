import { dropRepeatedKeys } from './repeated-keys.ts';
import { escaped, high, kindMask, kinds, stride } from './tape.ts';

/** A document may be nested so deep: within what PostgreSQL's jsonb and every other reader takes. */
export const mostLevels = 1_000;

/** What is to come next; from `afterValue` on an object or array may end instead. */
const value = 0;
const key = 1;
const afterValue = 2;
const firstElement = 3;
const firstKey = 4;

const wrongNumber = 'has a number that is written in a way that JSON does not know';

/**
 * Reads one JSON value into a flat list of nodes (`tape.ts`). One parser is used again and again, so that a document costs no objects. It never calls
 * itself: how deep a document is nested costs memory, not stack.
 */
export class DocumentParser {
  /** Nodes of the last document, in the order of its bytes. */
  nodes = new Int32Array(1 << 12);
  /** Numbers of `nodes` that are in use. */
  size = 0;
  /** Behind the document, or where it goes wrong. */
  at = 0;
  /** Why it is no JSON: part of a sentence behind "it"; null = it is. */
  fault: string | null = null;
  /** Where it is nested deeper than `mostLevels`; -1 = nowhere. */
  deepAt = -1;
  /** There is white space between its parts. */
  spaced = false;
  /** Entries of objects that a later one of the same key replaces. */
  repeated = 0;
  #stack = new Int32Array(1 << 8);

  /**
   * Reads the value that begins at `from`, where no white space is. `whole`: nothing comes behind `end`, else false is returned where the value may go on
   * there. A value that is no JSON sets `fault`.
   */
  parse(bytes: Uint8Array, from: number, end: number, whole: boolean): boolean {
    this.size = 0;
    this.fault = null;
    this.deepAt = -1;
    this.spaced = false;
    this.repeated = 0;
    const stop = this.#read(bytes, from, end);
    if (this.fault !== null) return true;
    if (stop >= 0) {
      this.at = stop;
      // A number at the end of what is there may have more digits.
      return whole || stop < end || (this.nodes[0]! & kindMask) > kinds.number;
    }
    if (!whole) return false;
    this.at = end;
    this.fault = 'ends in the middle of a value';
    return true;
  }

  /** Behind the value; -1 = the bytes are used up, or there is a fault. */
  #read(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    let depth = 0;
    let state = value;
    for (;;) {
      if (depth > 0) at = this.#skipSpace(bytes, at, end);
      if (at >= end) return -1;
      const byte = bytes[at]!;
      const open = depth === 0 ? -1 : this.#stack[depth - 1]!;
      const closing = open < 0 ? 0 : (this.nodes[open]! & kindMask) === kinds.object ? 0x7d : 0x5d;
      if (byte === closing && state >= afterValue) {
        at = this.#close(bytes, open, at);
        depth--;
      } else if (state === afterValue) {
        if (byte !== 0x2c) return this.#fail(at, `has no comma or ${String.fromCharCode(closing)} where one belongs`);
        state = closing === 0x7d ? key : value;
        at++;
        continue;
      } else if (state === key || state === firstKey) {
        at = this.#key(bytes, at, end);
        if (at < 0) return -1;
        state = value;
        continue;
      } else if (byte === 0x7b || byte === 0x5b) {
        this.#open(byte === 0x7b ? kinds.object : kinds.array, at, depth);
        depth++;
        at++;
        state = byte === 0x7b ? firstKey : firstElement;
        continue;
      } else {
        at = this.#scalar(bytes, at, end);
        if (at < 0) return -1;
      }
      if (depth === 0) return at;
      state = afterValue;
    }
  }

  #open(kind: number, at: number, depth: number): void {
    if (depth === mostLevels && this.deepAt < 0) this.deepAt = at;
    if (depth === this.#stack.length) this.#stack = grown(this.#stack);
    this.#stack[depth] = this.#node(kind, at, at);
  }

  #close(bytes: Uint8Array, open: number, at: number): number {
    this.nodes[open + 2] = at + 1;
    this.nodes[open + 3] = this.size;
    if ((this.nodes[open]! & kindMask) === kinds.object) this.repeated += dropRepeatedKeys(bytes, this.nodes, open);
    return at + 1;
  }

  #skipSpace(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    while (at < end && isSpace(bytes[at]!)) at++;
    if (at > from) this.spaced = true;
    return at;
  }

  /** Behind a key and its colon. */
  #key(bytes: Uint8Array, from: number, end: number): number {
    if (bytes[from] !== 0x22) return this.#fail(from, 'has no key where one belongs');
    const behind = this.#string(bytes, from, end);
    if (behind < 0) return -1;
    const at = this.#skipSpace(bytes, behind, end);
    if (at >= end) return -1;
    return bytes[at] === 0x3a ? at + 1 : this.#fail(at, 'has no colon where one belongs');
  }

  #scalar(bytes: Uint8Array, at: number, end: number): number {
    const byte = bytes[at]!;
    if (byte === 0x22) return this.#string(bytes, at, end);
    return byte === 0x2d || isDigit(byte) ? this.#number(bytes, at, end) : this.#word(bytes, at, end);
  }

  /** `at`: its first quote. */
  #string(bytes: Uint8Array, at: number, end: number): number {
    let flags = 0;
    for (let i = at + 1; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === 0x22) {
        this.#node(kinds.string | flags, at, i + 1);
        return i + 1;
      }
      if (byte >= 0x80) flags |= high;
      else if (byte < 0x20) return this.#fail(i, 'has a control character inside of a text');
      else if (byte === 0x5c) {
        flags |= escaped;
        i = this.#escape(bytes, i + 1, end);
        if (i < 0) return -1;
      }
    }
    return -1;
  }

  /** `at`: behind a backslash. Gives the last byte of what it stands before. */
  #escape(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end) return -1;
    if (isEscape(bytes[at]!)) return at;
    if (bytes[at] !== 0x75) return this.#fail(at, 'has a backslash before a character that takes none');
    for (let digit = at + 1; digit <= at + 4; digit++) {
      if (digit >= end) return -1;
      if (!isHex(bytes[digit]!)) return this.#fail(digit, 'has \\u without four hexadecimal digits');
    }
    return at + 4;
  }

  #number(bytes: Uint8Array, from: number, end: number): number {
    const whole = bytes[from] === 0x2d ? from + 1 : from;
    let at = bytes[whole] === 0x30 && whole < end ? whole + 1 : this.#digits(bytes, whole, end);
    let exact = true;
    if (at >= 0 && at < end && bytes[at] === 0x2e) {
      exact = false;
      at = this.#digits(bytes, at + 1, end);
    }
    if (at >= 0 && at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
      exact = false;
      const signed = at + 1 < end && (bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d);
      at = this.#digits(bytes, signed ? at + 2 : at + 1, end);
    }
    if (at < 0) return -1;
    if (at < end && isDigit(bytes[at]!)) return this.#fail(at, wrongNumber);
    this.#node(exact && fitsInt64(bytes, from, at) ? kinds.integer : kinds.number, from, at);
    return at;
  }

  /** Behind digits, of which there is at least one. */
  #digits(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    while (at < end && isDigit(bytes[at]!)) at++;
    if (at > from) return at;
    return at >= end ? -1 : this.#fail(at, wrongNumber);
  }

  #word(bytes: Uint8Array, from: number, end: number): number {
    const [kind, word] = bytes[from] === 0x74 ? trueWord : bytes[from] === 0x66 ? falseWord : nullWord;
    for (let i = 0; i < word.length; i++) {
      if (from + i >= end) return -1;
      if (bytes[from + i] !== word[i]) return this.#fail(from + i, 'has something that is no value where one belongs');
    }
    this.#node(kind, from, from + word.length);
    return from + word.length;
  }

  #node(kind: number, from: number, to: number): number {
    const node = this.size;
    if (node + stride > this.nodes.length) this.nodes = grown(this.nodes);
    this.nodes[node] = kind;
    this.nodes[node + 1] = from;
    this.nodes[node + 2] = to;
    this.nodes[node + 3] = node + stride;
    this.size = node + stride;
    return node;
  }

  #fail(at: number, reason: string): -1 {
    this.at = at;
    this.fault = reason;
    return -1;
  }
}

const trueWord = [kinds.true, Buffer.from('true')] as const;
const falseWord = [kinds.false, Buffer.from('false')] as const;
const nullWord = [kinds.null, Buffer.from('null')] as const;
const limits = { positive: Buffer.from('9223372036854775807'), negative: Buffer.from('9223372036854775808') };

function fitsInt64(bytes: Uint8Array, from: number, to: number): boolean {
  const negative = bytes[from] === 0x2d;
  const first = negative ? from + 1 : from;
  if (to - first !== 19) return to - first < 19;
  const limit = negative ? limits.negative : limits.positive;
  for (let i = 0; i < 19; i++) if (bytes[first + i] !== limit[i]) return bytes[first + i]! < limit[i]!;
  return true;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** One of "\/bfnrt. */
function isEscape(byte: number): boolean {
  return (
    byte === 0x22 || byte === 0x5c || byte === 0x2f || byte === 0x62 || byte === 0x66 || byte === 0x6e || byte === 0x72 || byte === 0x74
  );
}

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
