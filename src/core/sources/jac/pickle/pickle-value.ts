/**
 * What a pickle describes, as it stands there: nothing is looked up, called or built. Values may be shared, and may contain themselves.
 * Integers are bigints and floats are numbers, as in PythonValue.
 */
export type PickleValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | PickleItems
  | PickleDict
  | PickleName
  | PickleObject;

export class PickleItems {
  readonly tag: 'list' | 'tuple' | 'set' | 'frozenset';
  readonly items: PickleValue[];

  constructor(tag: PickleItems['tag'], items: PickleValue[]) {
    this.tag = tag;
    this.items = items;
  }
}

/** Entries up to which a key is looked for in the list of them. */
const mostListed = 8;

/** Of equal keys the last value counts, at the place of the first, as in Python. Most dicts of a store have one entry, so that it is kept small. */
export class PickleDict {
  #entries: [PickleValue, PickleValue][] = [];
  #places: Map<unknown, number> | null = null;

  set(key: PickleValue, value: PickleValue): void {
    const identity = identityOf(key);
    const known = this.#entries[this.#placeOf(identity)];
    if (known !== undefined) {
      known[1] = value;
      return;
    }
    this.#entries.push([key, value]);
    if (this.#places !== null) this.#places.set(identity, this.#entries.length - 1);
    else if (this.#entries.length > mostListed) this.#places = new Map(this.#entries.map(([each], i) => [identityOf(each), i]));
  }

  /** undefined = there is no such key. */
  get(key: string): PickleValue | undefined {
    return this.#entries[this.#placeOf(key)]?.[1];
  }

  get size(): number {
    return this.#entries.length;
  }

  entries(): readonly (readonly [PickleValue, PickleValue])[] {
    return this.#entries;
  }

  #placeOf(identity: unknown): number {
    if (this.#places !== null) return this.#places.get(identity) ?? -1;
    return this.#entries.findIndex(([key]) => identityOf(key) === identity);
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
  get items(): PickleValue[] {
    return (this.#items ??= []);
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
