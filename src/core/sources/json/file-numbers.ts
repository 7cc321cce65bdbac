/** Numbers of some of a store's files: a bit for each, since there may be hundreds of thousands. */
export class FileNumbers implements Iterable<number> {
  size = 0;
  /** Files of the store. */
  readonly #count: number;
  readonly #bits: Uint8Array;

  constructor(count: number) {
    this.#count = count;
    this.#bits = new Uint8Array((count + 7) >>> 3);
  }

  has(number: number): boolean {
    return (this.#bits[number >>> 3]! & (1 << (number & 7))) !== 0;
  }

  add(number: number): void {
    if (this.has(number)) return;
    this.#bits[number >>> 3]! |= 1 << (number & 7);
    this.size++;
  }

  addAll(others: Iterable<number>): this {
    for (const number of others) this.add(number);
    return this;
  }

  /** In order. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let number = 0; number < this.#count; number++) if (this.has(number)) yield number;
  }
}
