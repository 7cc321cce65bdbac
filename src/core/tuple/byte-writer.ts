const firstCapacity = 64 * 1024;
/** Above this a reset gives the memory back, so that one huge cell does not stay resident for the rest of a run. */
const keptCapacity = 32 * 1024 * 1024;

/** A loop copies so few bytes faster than a call does. */
const fewBytes = 128;

/** One growing buffer that is written again and again. Writers call `ensure(n)` and then write at `position` through `buffer` or `dataView`. */
export class ByteWriter {
  /** Valid until the next `ensure`. */
  buffer: Buffer;
  /** The same memory as `buffer`, for numbers. */
  dataView: DataView;
  /** Bytes written so far. Setting it back rewinds. */
  position = 0;

  constructor(capacity = firstCapacity) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
    this.dataView = dataViewOf(this.buffer);
  }

  /** Makes room for `bytes` more behind `position`. */
  ensure(bytes: number): void {
    if (this.position + bytes > this.buffer.length) this.grow(this.position + bytes);
  }

  /** Copies `source[start, end)` behind `position`. */
  copy(source: Uint8Array, start: number, end: number): void {
    this.ensure(end - start);
    const { buffer, position } = this;
    if (end - start > fewBytes) buffer.set(source.subarray(start, end), position);
    else for (let i = start; i < end; i++) buffer[position + i - start] = source[i] as number;
    this.position = position + end - start;
  }

  /** Forgets what was written. */
  reset(): void {
    this.position = 0;
    if (this.buffer.length > keptCapacity) {
      this.buffer = Buffer.allocUnsafeSlow(firstCapacity);
      this.dataView = dataViewOf(this.buffer);
    }
  }

  /** What was written, without a copy: valid until the next write. */
  view(): Buffer {
    return this.buffer.subarray(0, this.position);
  }

  private grow(atLeast: number): void {
    const bigger = Buffer.allocUnsafeSlow(Math.max(atLeast, this.buffer.length * 2));
    bigger.set(this.buffer.subarray(0, this.position));
    this.buffer = bigger;
    this.dataView = dataViewOf(bigger);
  }
}

function dataViewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}
