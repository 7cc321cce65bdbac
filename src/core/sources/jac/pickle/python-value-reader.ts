import type { PythonValue } from '../anchor.ts';
import { RecordFault } from '../record-fault.ts';
import { recogniseObject } from './known-objects.ts';
import { recordLimits, type RecordLimits } from './pickle-limits.ts';
import { PickleDict, PickleItems, PickleName, PickleObject, type PickleValue } from './pickle-value.ts';

/** An object that is a record of its own, so that only a reference to it is wanted; null = it is an ordinary one. */
export type Refer = (object: PickleObject) => PythonValue | null;

/** A value with what a walk through it would cost. */
interface Reading {
  readonly value: PythonValue;
  readonly values: number;
  readonly characters: number;
  /** Levels of containers below it; -1 = it is none itself. */
  readonly height: number;
  /** The highest level of a container around it that it contains again; Infinity = none. */
  readonly reach: number;
}

/** Adds up what the parts of one container cost. */
class Tally {
  values: number;
  characters = 0;
  height = 0;
  reach = Infinity;

  constructor(itself: 0 | 1) {
    this.values = itself;
  }
}

/**
 * Turns what a pickle says into values of Python. What is shared is read once and stays shared, but each place counts against the limits, so that whoever
 * walks through the result meets no more than `limits.values` values: a small pickle may describe more of them than there are atoms. A container that
 * contains itself has `{ tag: 'foreign', module: '', name: 'cycle', args: [levels up] }` in place of itself.
 */
export class PythonValueReader {
  readonly #limits: RecordLimits;
  readonly #refer: Refer;
  readonly #done = new Map<object, Reading>();
  /** Containers around the one that is being read, and their levels. */
  readonly #open = new Map<object, number>();
  #tally = new Tally(0);
  #level = 0;
  /** Met so far. */
  #values = 0;
  #characters = 0;

  constructor(refer: Refer = () => null, limits: RecordLimits = recordLimits) {
    this.#refer = refer;
    this.#limits = limits;
  }

  /** Throws RecordFault beyond a limit. Values read by one reader count together. */
  read(raw: PickleValue): PythonValue {
    const reading = this.#reading(raw);
    const tally = this.#tally;
    tally.values += reading.values;
    tally.characters += reading.characters;
    tally.height = Math.max(tally.height, reading.height + 1);
    tally.reach = Math.min(tally.reach, reading.reach);
    return reading.value;
  }

  #reading(raw: PickleValue): Reading {
    const known = this.#known(raw);
    if (known === null) return this.#container(raw as object & PickleValue);
    this.#count(known.values, known.characters);
    return known;
  }

  /** A plain value, or a container that was read before; null = it has to be read. */
  #known(raw: PickleValue): Reading | null {
    if (typeof raw === 'string' || raw instanceof Uint8Array) return { ...single, value: raw, characters: raw.length };
    if (typeof raw === 'bigint') return { ...single, value: raw, characters: raw > -small && raw < small ? 0 : raw.toString(16).length };
    if (raw === null || typeof raw !== 'object') return { ...single, value: raw };
    const above = this.#open.get(raw);
    if (above !== undefined) return { ...single, value: cycle(this.#level - above), values: 2, reach: above };
    const done = this.#done.get(raw) ?? null;
    if (this.#level + (done?.height ?? 0) >= this.#limits.depth)
      throw new RecordFault(`it is nested deeper than ${this.#limits.depth} levels`);
    return done;
  }

  /** Told while it is read: what contains itself in many ways would be read in each of them before its size was known. */
  #count(values: number, characters: number): void {
    this.#values += values;
    this.#characters += characters;
    if (this.#values > this.#limits.values) throw new RecordFault(`it would be more than ${this.#limits.values} values when written out`);
    if (this.#characters > this.#limits.characters)
      throw new RecordFault(`it would be more than ${this.#limits.characters} characters when written out`);
  }

  #container(raw: object & PickleValue): Reading {
    this.#count(1, 0);
    const outer = this.#tally;
    const tally = (this.#tally = new Tally(1));
    const level = this.#level++;
    this.#open.set(raw, level);
    const value = this.#valueOf(raw);
    this.#open.delete(raw);
    this.#level = level;
    this.#tally = outer;
    const { values, characters, height, reach } = tally;
    const reading = { value, values, characters, height, reach: reach < level ? reach : Infinity };
    // What contains a container around it is another value in another place.
    if (reading.reach === Infinity) this.#done.set(raw, reading);
    return reading;
  }

  #valueOf(raw: object & PickleValue): PythonValue {
    if (raw instanceof PickleItems) return { tag: raw.tag, items: inOrder(raw.tag, this.#all(raw.items)) };
    if (raw instanceof PickleDict) return { tag: 'dict', entries: this.#pairs(raw) };
    if (raw instanceof PickleName) return { tag: 'foreign', module: moduleOf(raw), name: raw.name, args: [], state: null };
    if (raw instanceof PickleObject) return this.#refer(raw) ?? this.#object(raw);
    return raw;
  }

  #object(raw: PickleObject): PythonValue {
    const [called, args] = this.#call(raw);
    return recogniseObject({
      made: called.instance ? 'new' : raw.made,
      module: called.name.module,
      name: called.name.name,
      args,
      state: raw.state === undefined ? undefined : this.read(raw.state),
      items: raw.bare ? [] : this.#all(raw.items),
      entries: raw.bare ? [] : this.#pairs(raw.entries),
    });
  }

  /** What is called, and with what. Where that has no name, it is the result of another call: that is the first argument then. */
  #call(raw: PickleObject): readonly [called: { readonly name: PickleName; readonly instance: boolean }, args: readonly PythonValue[]] {
    const name = nameOf(raw.maker);
    if (name === null) return [{ name: new PickleName('', ''), instance: false }, [this.read(raw.maker), this.read(raw.args)]];
    const instance = name.name === '_reconstructor' && name.module === 'copyreg' ? reconstructed(raw.args) : null;
    return instance === null ? [{ name, instance: false }, this.#args(raw.args)] : [{ name: instance, instance: true }, []];
  }

  #args(raw: PickleValue): readonly PythonValue[] {
    return raw instanceof PickleItems && raw.tag === 'tuple' ? this.#all(raw.items) : [this.read(raw)];
  }

  #all(items: readonly PickleValue[]): PythonValue[] {
    return items.map((item) => this.read(item));
  }

  #pairs(dict: PickleDict): (readonly [PythonValue, PythonValue])[] {
    return dict.entries().map(([key, value]) => [this.read(key), this.read(value)] as const);
  }
}

const single = { values: 1, characters: 0, height: -1, reach: Infinity } as const;
const small = 1n << 64n;

function cycle(levels: number): PythonValue {
  return { tag: 'foreign', module: '', name: 'cycle', args: [BigInt(levels)], state: null };
}

/** A class or function by its name of Python 3. A method of a class is looked up by getattr. null = it is named in no way that is known. */
function nameOf(maker: PickleValue): PickleName | null {
  if (maker instanceof PickleName) return new PickleName(moduleOf(maker), maker.name);
  if (!(maker instanceof PickleObject) || maker.name === null) return null;
  const [owner, method] = maker.args instanceof PickleItems ? maker.args.items : [];
  if (moduleOf(maker.name) !== 'builtins' || maker.name.name !== 'getattr' || !(owner instanceof PickleName)) return null;
  return typeof method === 'string' ? new PickleName(owner.module, `${owner.name}.${method}`) : null;
}

function moduleOf({ module }: PickleName): string {
  return renamed.get(module) ?? module;
}

/** What protocols before 3 call modules. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
]);

/** copyreg._reconstructor(class, object, None): an instance in protocols 0 and 1. */
function reconstructed(args: PickleValue): PickleName | null {
  const [owner, base, start] = args instanceof PickleItems ? args.items : [];
  return owner instanceof PickleName && base instanceof PickleName && base.name === 'object' && start === null ? owner : null;
}

/** Sets come in the order of hashes, which differs from one program to the next. */
function inOrder(tag: PickleItems['tag'], items: PythonValue[]): readonly PythonValue[] {
  if (tag !== 'set' && tag !== 'frozenset') return items;
  return items.sort((a, b) => compare(kindOf(a), kindOf(b)) || (isPlain(a) && isPlain(b) ? compare(a, b) : 0));
}

type Plain = bigint | number | string;

function isPlain(value: PythonValue): value is Plain {
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string';
}

function kindOf(value: PythonValue): string {
  return isPlain(value) && typeof value !== 'string' ? 'number' : typeof value;
}

function compare<T extends Plain>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
