import { findKey, soughtKey } from '../find-value.ts';
import { nodeValue } from '../node-value.ts';
import { HashSet } from './hash-set.ts';
import { kindAt, kinds, type Tape } from '../tape.ts';

/** Keys that documents are told apart by, the most usual first. */
export const keyNames = ['id', '_id', 'uuid', 'guid', 'key'] as const;

const sought = keyNames.map(soughtKey);

/** Values up to which it is looked whether one comes twice: so many take 64 MB. */
const mostValues = 2 ** 22;

/** Values of one such key in many documents. Merging is commutative. */
export class KeyValues {
  /** Documents that have one. */
  found = 0;
  #over = false;
  #folders = new Map<string, HashSet>();
  /** In all folders. */
  #kept = 0;

  add(value: string, folder: string): void {
    this.found++;
    if (this.#over) return;
    if (this.#in(folder).add(value)) this.#kept++;
    if (this.#kept > mostValues) this.#giveUp();
  }

  merge(other: KeyValues): void {
    this.found += other.found;
    if (other.#over) this.#giveUp();
    if (this.#over) return;
    for (const [folder, values] of other.#folders) {
      const own = this.#folders.get(folder);
      const before = own?.size ?? 0;
      if (own === undefined) this.#folders.set(folder, values);
      else own.addAll(values);
      this.#kept += (own ?? values).size - before;
    }
    if (this.#kept > mostValues) this.#giveUp();
  }

  /** Documents whose value another one has already: in any file, and in a file of the same folder. null = there are too many to know. */
  again(): { readonly anywhere: number; readonly inFolder: number } | null {
    if (this.#over) return null;
    const sets = [...this.#folders.values()];
    const inFolder = this.found - sets.reduce((sum, { size }) => sum + size, 0);
    if (sets.length === 1) return { anywhere: inFolder, inFolder };
    const all = new HashSet();
    for (const set of sets) all.addAll(set);
    return { anywhere: this.found - all.size, inFolder };
  }

  #in(folder: string): HashSet {
    const values = this.#folders.get(folder) ?? new HashSet();
    this.#folders.set(folder, values);
    return values;
  }

  #giveUp(): void {
    this.#over = true;
    this.#kept = 0;
    this.#folders = new Map();
  }
}

/** The values of a document by the name of their key; only texts and integers tell documents apart. */
export function keysOf(tape: Tape, visit: (name: (typeof keyNames)[number], value: string) => void): void {
  if (kindAt(tape, 0) !== kinds.object) return;
  sought.forEach((key, i) => {
    const node = findKey(tape, 0, key);
    const kind = node < 0 ? -1 : kindAt(tape, node);
    if (kind !== kinds.string && kind !== kinds.integer) return;
    const value = nodeValue(tape, node);
    if (typeof value === 'string' || typeof value === 'bigint') visit(keyNames[i]!, `${typeof value} ${value}`);
  });
}
