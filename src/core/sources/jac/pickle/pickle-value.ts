/**
 * What a pickle describes, as it stands there: nothing is looked up, called or built. Values may be shared, and may contain themselves.
 * Integers are bigints and floats are numbers, as in PythonValue.
 */
export type PickleValue = null | boolean | bigint | number | string | Uint8Array | PickleItems | PickleDict | PickleName | PickleObject;

/** Millions of these are empty or have one element, so that no room is kept for more. */
export class PickleItems {
  readonly tag: 'list' | 'tuple' | 'set' | 'frozenset';
  items: readonly PickleValue[];

  constructor(tag: PickleItems['tag'], items: readonly PickleValue[]) {
    this.tag = tag;
    this.items = items;
  }

  append(more: PickleValue[]): void {
    this.items = joined(this.items as PickleValue[], more);
  }
}

/** One of the two, filled up with the other where both have something. */
function joined(items: PickleValue[], more: PickleValue[]): PickleValue[] {
  if (items.length === 0) return more;
  for (const item of more) items.push(item);
  return items;
}

/** Entries up to which a key is looked for in the list of them. */
const mostListed = 8;

/** Of equal keys the last value counts, at the place of the first, as in Python. */
export class PickleDict {
  /** Keys and values in turn. */
  #flat: PickleValue[] | null = null;
  /** Where a key stands; null while there are few. */
  #places: Map<unknown, number> | null = null;

  set(key: PickleValue, value: PickleValue): void {
    if (this.#flat === null) {
      this.#flat = [key, value];
      return;
    }
    const identity = identityOf(key);
    const place = this.#placeOf(identity);
    if (place >= 0) {
      this.#flat[place + 1] = value;
      return;
    }
    this.#places?.set(identity, this.#flat.length);
    this.#flat.push(key, value);
    if (this.#places === null && this.size > mostListed)
      this.#places = new Map(this.entries().map(([each], i) => [identityOf(each), 2 * i]));
  }

  /** undefined = there is no such key. */
  get(key: string): PickleValue | undefined {
    const place = this.#placeOf(key);
    return place < 0 ? undefined : this.#flat![place + 1];
  }

  get size(): number {
    return (this.#flat?.length ?? 0) / 2;
  }

  entries(): readonly (readonly [PickleValue, PickleValue])[] {
    return Array.from({ length: this.size }, (_, i) => [this.#flat![2 * i]!, this.#flat![2 * i + 1]!] as const);
  }

  #placeOf(identity: unknown): number {
    if (this.#places !== null) return this.#places.get(identity) ?? -1;
    for (let place = 0; place < 2 * this.size; place += 2) if (identityOf(this.#flat![place]!) === identity) return place;
    return -1;
  }
}

/** 1, 1.0 and True are one key in Python. */
function identityOf(key: PickleValue): unknown {
  if (typeof key === 'boolean') return key ? 1n : 0n;
  // Python holds two NaN for two keys.
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : Number.isNaN(key) ? Symbol() : key;
  return key;
}

/** A class or function, by name only. */
export class PickleName {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** What Python would make by a call (`reduce`) or as an instance without one (`new`), and fill with state, items and entries. */
export class PickleObject {
  readonly made: 'new' | 'reduce';
  readonly maker: PickleValue;
  readonly args: PickleValue;
  /** undefined = none was given. */
  state: PickleValue | undefined;
  #items: PickleValue[] | null = null;
  #entries: PickleDict | null = null;

  constructor(made: PickleObject['made'], maker: PickleValue, args: PickleValue) {
    this.made = made;
    this.maker = maker;
    this.args = args;
  }

  /** Appended to it. */
  get items(): readonly PickleValue[] {
    return this.#items ?? [];
  }

  append(more: PickleValue[]): void {
    this.#items = joined(this.#items ?? [], more);
  }

  /** Set by key. */
  get entries(): PickleDict {
    return (this.#entries ??= new PickleDict());
  }

  /** There are neither items nor entries. */
  get bare(): boolean {
    return (this.#items?.length ?? 0) === 0 && (this.#entries?.size ?? 0) === 0;
  }

  /** Name of the class or function; null where a pickle has something else in its place. */
  get name(): PickleName | null {
    return this.maker instanceof PickleName ? this.maker : null;
  }
}
