import { readSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';

export interface OpenFile {
  readonly descriptor: number;
  /** All of it, where it was read already. */
  readonly whole?: Buffer;
  readonly size: number;
  /** What the user named, for messages. */
  readonly location: string;
}

const firstBytes = 1 << 18;

/** The part of a file that is being read: as large as the largest document so far. */
export class FileWindow {
  /** What is there; documents begin at `at`. */
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** Of bytes[0] in the file. */
  base: number;
  readonly #file: OpenFile;
  #store: Buffer;

  constructor(file: OpenFile, from: number) {
    this.#file = file;
    this.base = from;
    if (file.whole !== undefined) this.bytes = file.whole.subarray(from);
    // Of thousands of small files none needs a large buffer.
    this.#store = file.whole ?? Buffer.allocUnsafe(Math.min(firstBytes, Math.max(1, file.size - from)));
  }

  /** Nothing of the file is behind `bytes`. */
  get last(): boolean {
    return this.base + this.bytes.length >= this.#file.size;
  }

  /** Keeps what is behind `at` and adds as much again. Throws `source-changed` when the file has become shorter. */
  fill(): void {
    const kept = this.bytes.subarray(this.at);
    if (kept.length > this.#store.length / 2) {
      const larger = Buffer.allocUnsafe(this.#store.length * 2);
      larger.set(kept);
      this.#store = larger;
    } else this.#store.set(kept);
    this.base += this.at;
    this.at = 0;
    let end = kept.length;
    const most = Math.min(this.#store.length, this.#file.size - this.base);
    while (end < most) {
      const read = readSync(this.#file.descriptor, this.#store, end, most - end, this.base + end);
      if (read === 0) throw new MigrationError('source-changed', { context: { path: this.#file.location } });
      end += read;
    }
    this.bytes = this.#store.subarray(0, end);
  }

  /** There is a byte to read. */
  here(): boolean {
    if (this.at >= this.bytes.length && !this.last) this.fill();
    return this.at < this.bytes.length;
  }
}
