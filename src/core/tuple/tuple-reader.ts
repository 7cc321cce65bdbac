import { MigrationError } from '../errors.ts';
import { copyMagicBytes, copySignature } from './copy-format.ts';

/** Gets one tuple, field count included: `buffer[start, end)`, valid only during the call. */
export type TupleVisitor = (buffer: Buffer, start: number, end: number) => void;

/**
 * Cuts the output of COPY … (FORMAT binary) into tuples. Pieces may end anywhere; only a tuple that lies across pieces is copied.
 * Throws `copy-stream-damaged` when the bytes are not binary COPY or stop before the trailer.
 */
export class TupleReader {
  private readonly visit: TupleVisitor;
  private state: 'header' | 'tuples' | 'done' = 'header';
  /** Start of a header or tuple whose rest is still to come. */
  private carry = Buffer.alloc(0);
  private carried = 0;

  constructor(visit: TupleVisitor) {
    this.visit = visit;
  }

  push(piece: Uint8Array): void {
    const buffer = Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let at = 0;
    while (this.carried > 0 && at < buffer.length) at = this.fillCarry(buffer, at);
    if (this.carried > 0) return;
    at = this.readAll(buffer, at);
    if (at < buffer.length) this.append(buffer, at, buffer.length);
  }

  /** Call behind the last piece. */
  end(): void {
    if (this.state !== 'done' || this.carried > 0) throw damaged('the stream ended before its trailer');
  }

  /** Consumes whole items of `buffer` from `at`; says where the first incomplete one starts. */
  private readAll(buffer: Buffer, from: number): number {
    let at = from;
    while (at < buffer.length) {
      const end = this.itemEnd(buffer, at, buffer.length);
      if (end > buffer.length) break;
      this.consume(buffer, at, end);
      at = end;
    }
    return at;
  }

  /** Moves what the carried item still needs out of `buffer`, and consumes it when it is whole. */
  private fillCarry(buffer: Buffer, from: number): number {
    const needed = this.itemEnd(this.carry, 0, this.carried);
    const taken = Math.min(needed - this.carried, buffer.length - from);
    this.append(buffer, from, from + taken);
    if (this.carried === needed && this.itemEnd(this.carry, 0, this.carried) === needed) {
      this.carried = 0;
      this.consume(this.carry, 0, needed);
    }
    return from + taken;
  }

  private consume(buffer: Buffer, start: number, end: number): void {
    if (this.state === 'header') this.readHeader(buffer, start);
    else if (end - start === 2 && buffer.readInt16BE(start) === -1) this.state = 'done';
    else this.visit(buffer, start, end);
  }

  private readHeader(buffer: Buffer, start: number): void {
    if (copySignature.some((byte, i) => i < copyMagicBytes && buffer[start + i] !== byte)) throw damaged('the signature is missing');
    this.state = 'tuples';
  }

  /** Where the item at `start` ends, or as far as that is known from the bytes up to `limit`: then a position behind `limit`. */
  private itemEnd(buffer: Buffer, start: number, limit: number): number {
    if (this.state === 'header') return headerEnd(buffer, start, limit);
    if (this.state === 'done') throw damaged('there are bytes behind the trailer');
    let at = start + 2;
    if (at > limit) return at;
    const fields = buffer.readInt16BE(start);
    for (let field = 0; field < fields; field++) {
      at += 4;
      if (at > limit) return at;
      const length = buffer.readInt32BE(at - 4);
      if (length > 0) at += length;
      if (at > limit) return at;
    }
    return at;
  }

  private append(buffer: Buffer, start: number, end: number): void {
    const needed = this.carried + end - start;
    if (needed > this.carry.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.max(needed, this.carry.length * 2, 4096));
      this.carry.copy(bigger, 0, 0, this.carried);
      this.carry = bigger;
    }
    buffer.copy(this.carry, this.carried, start, end);
    this.carried = needed;
  }
}

/** The header names the length of an extension area behind it. */
function headerEnd(buffer: Buffer, start: number, limit: number): number {
  const fixed = start + copySignature.length;
  return fixed > limit ? fixed : fixed + buffer.readInt32BE(fixed - 4);
}

function damaged(detail: string): MigrationError {
  return new MigrationError('copy-stream-damaged', { context: { detail } });
}
