import { createHash } from 'node:crypto';
import type { FileSet } from '../shared/files/file-set.ts';

/** The fingerprint of a store, as `fingerprintSet` makes it: of one file its own, of several the hash of their names and hashes. */
export class StoreHash {
  readonly #single: boolean;
  readonly #all = createHash('sha256');
  #last = '';

  constructor({ single }: Pick<FileSet, 'single'>) {
    this.#single = single;
  }

  add(name: string, hash: Uint8Array): void {
    this.#last = `sha256:${Buffer.from(hash).toString('hex')}`;
    this.#all.update(`${name}\0${this.#last}\n`);
  }

  digest(): string {
    return this.#single ? this.#last : `sha256:${this.#all.digest('hex')}`;
  }
}
