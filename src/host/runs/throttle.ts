/** Calls at once, then at most every `intervalMs` for each key; the last call is never lost. */
export class Throttle {
  readonly #intervalMs: number;
  readonly #call: (key: string) => void;
  readonly #resting = new Map<string, { timer: NodeJS.Timeout; again: boolean }>();

  constructor(intervalMs: number, call: (key: string) => void) {
    this.#intervalMs = intervalMs;
    this.#call = call;
  }

  ask(key: string): void {
    const rest = this.#resting.get(key);
    if (rest !== undefined) {
      rest.again = true;
      return;
    }
    this.#resting.set(key, { timer: setTimeout(() => this.#wake(key), this.#intervalMs), again: false });
    this.#call(key);
  }

  /** At once, whatever was told a moment ago. */
  force(key: string): void {
    clearTimeout(this.#resting.get(key)?.timer);
    this.#resting.delete(key);
    this.#call(key);
  }

  dispose(): void {
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
  }

  #wake(key: string): void {
    const again = this.#resting.get(key)?.again === true;
    this.#resting.delete(key);
    if (again) this.ask(key);
  }
}
