interface Entry<T> {
  readonly ordering: number;
  readonly row: T;
}

/** The k rows of least ordering out of a stream, in memory for k: a heap whose first entry is the farthest of them. */
export class NearestRows<T> {
  readonly #k: number;
  readonly #heap: Entry<T>[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** `make` is asked only for a row that is among the nearest so far. Of equally near rows the first ones stay. NaN is no distance. */
  offer(ordering: number, make: () => T): void {
    const heap = this.#heap;
    if (Number.isNaN(ordering)) return;
    if (heap.length < this.#k) {
      heap.push({ ordering, row: make() });
      this.#rise(heap.length - 1);
    } else if (this.#k > 0 && ordering < (heap[0] as Entry<T>).ordering) {
      heap[0] = { ordering, row: make() };
      this.#sink();
    }
  }

  /** Nearest first. */
  sorted(): Entry<T>[] {
    return this.#heap.toSorted((a, b) => a.ordering - b.ordering);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (this.#at(parent) >= this.#at(at)) return;
      this.#swap(parent, at);
      at = parent;
    }
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let largest = at;
      if (this.#at(left) > this.#at(largest)) largest = left;
      if (this.#at(right) > this.#at(largest)) largest = right;
      if (largest === at) return;
      this.#swap(largest, at);
      at = largest;
    }
  }

  #at(place: number): number {
    return this.#heap[place]?.ordering ?? -Infinity;
  }

  #swap(a: number, b: number): void {
    const entry = this.#heap[a] as Entry<T>;
    this.#heap[a] = this.#heap[b] as Entry<T>;
    this.#heap[b] = entry;
  }
}
