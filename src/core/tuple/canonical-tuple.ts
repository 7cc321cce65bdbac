import type { PgType } from '../model/pg-type.ts';
import { ByteWriter } from './byte-writer.ts';
import { canonicalRule, type CanonicalRule } from './canonical-rule.ts';

/**
 * Views a binary COPY tuple in its canonical form: the bytes as they are where they are unique already (no copy), else a rewritten copy.
 * Reused: `read` replaces what was viewed before.
 */
export class CanonicalTuple {
  /** The canonical tuple is `buffer[start, end)`, field count included. */
  buffer: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Where each field's value starts in `buffer`. */
  readonly fieldStarts: Int32Array;
  /** Bytes of each field's value; -1 for NULL. */
  readonly fieldLengths: Int32Array;
  private readonly rules: readonly (CanonicalRule | null)[];
  private readonly rewritten = new ByteWriter(4096);

  constructor(types: readonly PgType[]) {
    this.rules = types.map(canonicalRule);
    this.fieldStarts = new Int32Array(types.length);
    this.fieldLengths = new Int32Array(types.length);
  }

  /** Views `buffer[start, end)`; valid until the next `read` and as long as `buffer` keeps its bytes. */
  read(buffer: Buffer, start: number, end: number): void {
    const { rules, fieldStarts, fieldLengths, rewritten } = this;
    rewritten.reset();
    let copied = start;
    /** Canonical position minus original position, both counted from the tuple's start. */
    let shift = 0;
    let at = start + 2;
    for (let i = 0; i < rules.length; i++) {
      const length = readInt32(buffer, at);
      at += 4;
      fieldStarts[i] = at - start + shift;
      fieldLengths[i] = length;
      if (length < 0) continue;
      const rule = rules[i];
      if (rule && !rule.isCanonical(buffer, at, at + length)) {
        rewritten.copy(buffer, copied, at);
        const from = rewritten.position;
        rule.write(buffer, at, at + length, rewritten);
        copied = at + length;
        const newLength = rewritten.position - from;
        rewritten.dataView.setInt32(from - 4, newLength);
        fieldLengths[i] = newLength;
        shift += newLength - length;
      }
      at += length;
    }
    if (copied === start) this.point(buffer, start, end);
    else {
      rewritten.copy(buffer, copied, end);
      this.point(rewritten.buffer, 0, rewritten.position);
    }
  }

  private point(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    if (start !== 0) for (let i = 0; i < this.fieldStarts.length; i++) this.fieldStarts[i] = (this.fieldStarts[i] as number) + start;
  }
}

function readInt32(buffer: Buffer, at: number): number {
  return (
    ((buffer[at] as number) << 24) | ((buffer[at + 1] as number) << 16) | ((buffer[at + 2] as number) << 8) | (buffer[at + 3] as number)
  );
}
