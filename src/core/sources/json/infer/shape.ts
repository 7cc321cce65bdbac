import { nodeText } from '../node-value.ts';
import { dropped, firstIn, kindAt, kinds, nextOf, valueOf, type Tape } from '../tape.ts';

/** Different keys of an object up to which they are kept apart; beyond it they are names of entries. */
const mostFields = 1_000;
/** Levels that are looked at. */
const mostLevels = 16;

/**
 * What stood at one place of many documents, counted by kind. Merging is commutative and associative, and the order of fields is the earliest place that
 * each had in any object: so the same documents give the same shape in whatever order they come.
 */
export class Shape {
  readonly counts = { null: 0, boolean: 0, integer: 0, number: 0, string: 0, array: 0, object: 0 };
  /** By key, as long as there are not too many. */
  fields = new Map<string, Shape>();
  /** All entries, once there are too many keys. */
  entries: Shape | null = null;
  /** Entries of all objects. */
  entriesSeen = 0;
  items: Shape | null = null;
  /** Earliest place in an object. */
  order = Infinity;
  /** Most elements in an array. */
  longest = 0;

  /** How often there was anything, JSON's null included. */
  get seen(): number {
    const { counts } = this;
    return counts.null + counts.boolean + counts.integer + counts.number + counts.string + counts.array + counts.object;
  }

  add(tape: Tape, node: number, level = 0): void {
    const { counts } = this;
    switch (kindAt(tape, node)) {
      case kinds.null:
        counts.null++;
        return;
      case kinds.false:
      case kinds.true:
        counts.boolean++;
        return;
      case kinds.integer:
        counts.integer++;
        return;
      case kinds.number:
        counts.number++;
        return;
      case kinds.string:
        counts.string++;
        return;
      case kinds.array:
        counts.array++;
        if (level < mostLevels) this.#addItems(tape, node, level + 1);
        return;
      default:
        counts.object++;
        if (level < mostLevels) this.#addFields(tape, node, level + 1);
    }
  }

  merge(other: Shape): void {
    for (const kind of Object.keys(other.counts) as (keyof Shape['counts'])[]) this.counts[kind] += other.counts[kind];
    this.order = Math.min(this.order, other.order);
    this.longest = Math.max(this.longest, other.longest);
    this.entriesSeen += other.entriesSeen;
    if (other.items !== null) (this.items ??= new Shape()).merge(other.items);
    if (other.entries !== null) {
      this.#collapse();
      this.entries!.merge(other.entries);
    }
    for (const [key, field] of other.fields) this.#fieldFor(key).merge(field);
  }

  /** In the order in which a person wrote them. */
  sortedFields(): readonly (readonly [string, Shape])[] {
    return [...this.fields].toSorted(([a, x], [b, y]) => x.order - y.order || y.seen - x.seen || (a < b ? -1 : 1));
  }

  #addItems(tape: Tape, array: number, level: number): void {
    const items = (this.items ??= new Shape());
    let length = 0;
    for (let node = firstIn(array), end = nextOf(tape, array); node < end; node = nextOf(tape, node), length++)
      items.add(tape, node, level);
    this.longest = Math.max(this.longest, length);
  }

  #addFields(tape: Tape, object: number, level: number): void {
    let place = 0;
    for (let key = firstIn(object), end = nextOf(tape, object); key < end; key = nextOf(tape, valueOf(key))) {
      if ((tape.nodes[key]! & dropped) !== 0) continue;
      this.entriesSeen++;
      const text = nodeText(tape, key);
      // A key that is no text has no pointer either; what it names is in the JSON of its object.
      if (typeof text !== 'string') continue;
      const field = this.#fieldFor(text);
      field.order = Math.min(field.order, place++);
      field.add(tape, valueOf(key), level);
    }
  }

  #fieldFor(key: string): Shape {
    if (this.entries !== null) return this.entries;
    const known = this.fields.get(key);
    if (known !== undefined) return known;
    const field = new Shape();
    this.fields.set(key, field);
    if (this.fields.size <= mostFields) return field;
    this.#collapse();
    return this.entries!;
  }

  #collapse(): void {
    this.entries ??= new Shape();
    for (const field of this.fields.values()) this.entries.merge(field);
    this.fields = new Map();
  }
}

/** Kinds that stood there, JSON's null aside; integers and other numbers are one. */
export function kindsIn({ counts }: Shape): readonly string[] {
  return [
    ...(counts.integer + counts.number > 0 ? ['number'] : []),
    ...(['string', 'boolean', 'array', 'object'] as const).filter((kind) => counts[kind] > 0),
  ];
}
