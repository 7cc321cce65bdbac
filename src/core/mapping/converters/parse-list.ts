/** An element of a JSON array: numbers without a point are bigint, others are their text, so that no digit is lost. */
export type ListItem = null | boolean | bigint | number | string | readonly ListItem[];

/** The elements of a JSON array, of which arrays may be elements too; null when the text is anything else. An object is given as its text. */
export function parseList(text: string): readonly ListItem[] | null {
  try {
    if (!Array.isArray(JSON.parse(text))) return null;
  } catch {
    return null;
  }
  // The text is valid JSON from here on.
  return new ListCursor(text).list();
}

const integer = /^-?\d+$/;

class ListCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  list(): readonly ListItem[] {
    const items: ListItem[] = [];
    this.#skip();
    for (this.#at++; this.#peek() !== ']';) {
      items.push(this.#item());
      if (this.#peek() === ',') this.#at++;
    }
    this.#at++;
    return items;
  }

  #item(): ListItem {
    const first = this.#peek();
    if (first === '[') return this.list();
    const literal = this.#literal();
    if (literal === null) return null;
    if (first === '"') return JSON.parse(literal) as string;
    if (literal === 'true' || literal === 'false') return literal === 'true';
    return integer.test(literal) && literal !== '-0' ? BigInt(literal) : literal;
  }

  /** The text of one value. */
  #literal(): string | null {
    const from = this.#skip();
    for (let depth = 0; ; this.#at++) {
      const character = this.#text[this.#at];
      if (character === '"') this.#skipString();
      else if (character === '[' || character === '{') depth++;
      else if (depth > 0 && (character === ']' || character === '}')) depth--;
      else if (depth === 0 && (character === ',' || character === ']')) break;
    }
    const literal = this.#text.slice(from, this.#at).trimEnd();
    return literal === 'null' ? null : literal;
  }

  /** Leaves the cursor on the closing quote. */
  #skipString(): void {
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) if (this.#text[this.#at] === '\\') this.#at++;
  }

  #peek(): string {
    return this.#text[this.#skip()] ?? '';
  }

  #skip(): number {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#at;
  }
}
