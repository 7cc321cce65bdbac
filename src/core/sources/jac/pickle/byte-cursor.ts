import { isUtf8 } from 'node:buffer';
import { RecordFault } from '../record-fault.ts';

/** Reads a pickle from front to back; every length is held against what is left before anything is taken. Throws RecordFault. */
export class ByteCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Steps over `length` bytes and says where they begin. */
  #take(length: number): number {
    if (length > this.left) throw new RecordFault(`it ends at byte ${this.#bytes.length}, in the middle of a value`);
    const from = this.#at;
    this.#at += length;
    return from;
  }

  uint8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  uint16(): number {
    return this.#bytes.readUInt16LE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.#take(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  /** A length of eight bytes; what no number holds is longer than any file. */
  uint64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.#take(8)));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  bytes(length: number): Uint8Array {
    const from = this.#take(length);
    return Uint8Array.from(this.#bytes.subarray(from, from + length));
  }

  text(length: number): string {
    const from = this.#take(length);
    return pythonText(this.#bytes.subarray(from, from + length));
  }

  latin1(length: number): string {
    const from = this.#take(length);
    return this.#bytes.toString('latin1', from, from + length);
  }

  /** An integer in two's complement, the least byte first. */
  integer(length: number): bigint {
    const from = this.#take(length);
    if (length === 0) return 0n;
    const digits = Buffer.from(this.#bytes.subarray(from, from + length)).reverse();
    const unsigned = BigInt(`0x${digits.toString('hex')}`);
    return digits[0]! < 0x80 ? unsigned : unsigned - (1n << BigInt(8 * length));
  }

  /** Up to the next line feed, which is stepped over. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    const text = this.latin1((end < 0 ? this.#bytes.length : end) - this.#at);
    this.#take(1);
    return text;
  }
}

/** Python writes half a pair of surrogates as its three bytes, which UTF-8 does not know; a string of JavaScript can hold it. */
export function pythonText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = '';
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = bytes.subarray(at + 1, at + 3);
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    text += wellFormed(bytes.subarray(from, at)) + String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    from = at + 3;
    at += 2;
  }
  return text + wellFormed(bytes.subarray(from));
}

function wellFormed(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new RecordFault('a text in it is not UTF-8');
  return bytes.toString();
}
