import { findKey, soughtKey } from '../find-value.ts';
import { nodeValue } from '../node-value.ts';
import { kindAt, kinds, type Tape } from '../tape.ts';

/** Keys that documents are told apart by, the most usual first. */
export const keyNames = ['id', '_id', 'uuid', 'guid', 'key'] as const;

const sought = keyNames.map(soughtKey);

/** Values up to which it is looked whether one comes twice. */
const mostValues = 2_000_000;

/** Values of one such key in many documents. Merging is commutative. */
export class KeyValues {
  /** Documents that have one. */
  found = 0;
  /** Values that came before, in any file, and in a file of the same folder. */
  again = 0;
  againInFolder = 0;
  /** Too many to know. */
  over = false;
  readonly #values = new Set<string>();
  readonly #inFolders = new Set<string>();

  add(value: string, folder: string): void {
    this.found++;
    if (this.#values.size + this.#inFolders.size > mostValues) this.over = true;
    if (this.over) return;
    if (this.#values.has(value)) this.again++;
    else this.#values.add(value);
    const inFolder = `${folder}\0${value}`;
    if (this.#inFolders.has(inFolder)) this.againInFolder++;
    else this.#inFolders.add(inFolder);
  }

  merge(other: KeyValues): void {
    this.found += other.found;
    this.over ||= other.over;
    this.again += other.again;
    this.againInFolder += other.againInFolder;
    for (const value of other.#values)
      if (this.#values.has(value)) this.again++;
      else this.#values.add(value);
    for (const value of other.#inFolders)
      if (this.#inFolders.has(value)) this.againInFolder++;
      else this.#inFolders.add(value);
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
