/** Runs pieces of work a few at a time, urgent ones first; each piece reports its own errors. */
export class Turns {
  readonly #limit: number;
  readonly #urgent: (() => Promise<void>)[] = [];
  readonly #patient: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(work: () => Promise<void>, options: { readonly urgent: boolean }): void {
    (options.urgent ? this.#urgent : this.#patient).push(work);
    this.#next();
  }

  #next(): void {
    while (this.#running < this.#limit) {
      const work = this.#urgent.shift() ?? this.#patient.shift();
      if (work === undefined) return;
      this.#running += 1;
      void work().finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }
}
