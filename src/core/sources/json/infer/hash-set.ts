/** A set of texts by hashes of 53 bits, eight bytes each: among a million texts two are taken for one once in ten thousand sets. */
export class HashSet {
  size = 0;
  #slots = new Float64Array(16).fill(-1);

  /** False when it was there. */
  add(text: string): boolean {
    return this.#put(hashOf(text));
  }

  addAll(other: HashSet): void {
    for (const hash of other.#slots) if (hash >= 0) this.#put(hash);
  }

  #put(hash: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = hash % slots.length;
    while (slots[at]! >= 0) {
      if (slots[at] === hash) return false;
      at = (at + 1) & mask;
    }
    slots[at] = hash;
    if (++this.size * 2 > slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2).fill(-1);
    this.size = 0;
    for (const hash of before) if (hash >= 0) this.#put(hash);
  }
}

function hashOf(text: string): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + i), 0x85ebca6b) ^ (b >>> 13);
  }
  a ^= a >>> 15;
  b ^= b >>> 16;
  return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff);
}
