import { Decimal } from './decimal.ts';

const decimal = new Decimal();

/**
 * The one text of a JSON value as jsonb compares it: keys sorted and the last of equal keys kept, no white space, numbers as exact decimals
 * (never through a JavaScript number), one way of escaping. `text` is valid JSON, nested as deep as it likes.
 */
export function canonicalJson(text: string): string {
  const cursor = new JsonCursor(text);
  const open: Container[] = [];
  for (;;) {
    let value = cursor.scalar();
    if (value === null) {
      const container = cursor.skipCharacter() === openingBrace ? new JsonObject() : new JsonArray();
      if (!cursor.skipIf(container.closing)) {
        container.beforeValue(cursor);
        open.push(container);
        continue;
      }
      value = container.text();
    }
    for (;;) {
      const container = open.at(-1);
      if (container === undefined) return value;
      container.add(value);
      if (cursor.skipIf(comma)) {
        container.beforeValue(cursor);
        break;
      }
      cursor.skipCharacter();
      open.pop();
      value = container.text();
    }
  }
}

const openingBrace = 0x7b;
const openingBracket = 0x5b;
const comma = 0x2c;
const quote = 0x22;

/** An object or array under way. */
interface Container {
  /** Character that ends it. */
  readonly closing: number;
  /** Reads what stands before a value. */
  beforeValue(cursor: JsonCursor): void;
  add(value: string): void;
  text(): string;
}

class JsonArray implements Container {
  readonly closing = 0x5d;
  private elements = '';

  beforeValue(): void {}

  add(value: string): void {
    this.elements += this.elements === '' ? value : `,${value}`;
  }

  text(): string {
    return `[${this.elements}]`;
  }
}

class JsonObject implements Container {
  readonly closing = 0x7d;
  private readonly members: Member[] = [];
  private key = '';
  private ordered = true;

  beforeValue(cursor: JsonCursor): void {
    this.key = cursor.scalar() ?? '';
    cursor.skipCharacter(); // the colon
    const last = this.members.at(-1);
    if (last !== undefined && compareKeys(last.key, this.key) >= 0) this.ordered = false;
  }

  add(value: string): void {
    this.members.push({ key: this.key, value });
  }

  text(): string {
    let text = '';
    for (const { key, value } of this.ordered ? this.members : orderMembers(this.members))
      text += `${text === '' ? '' : ','}${key}:${value}`;
    return `{${text}}`;
  }
}

class JsonCursor {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The canonical text of a string, number, true, false or null; null, and nothing read, where an object or array begins. */
  scalar(): string | null {
    const from = this.skipSpace();
    const first = this.text.charCodeAt(from);
    if (first === openingBrace || first === openingBracket) return null;
    if (first === quote) return this.string(from);
    while (isScalarCharacter(this.text.charCodeAt(this.at))) this.at++;
    const literal = this.text.slice(from, this.at);
    return first >= 0x61 ? literal : canonicalNumber(literal);
  }

  /** Steps over the next character that is not white space, and says which it was. */
  skipCharacter(): number {
    const character = this.text.charCodeAt(this.skipSpace());
    this.at++;
    return character;
  }

  skipIf(character: number): boolean {
    const found = this.text.charCodeAt(this.skipSpace()) === character;
    if (found) this.at++;
    return found;
  }

  private string(from: number): string {
    let escaped = false;
    for (this.at++; this.text.charCodeAt(this.at) !== quote; this.at++) {
      if (this.text.charCodeAt(this.at) !== 0x5c) continue;
      escaped = true;
      this.at++;
    }
    const literal = this.text.slice(from, ++this.at);
    return escaped ? JSON.stringify(JSON.parse(literal)) : literal;
  }

  private skipSpace(): number {
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return this.at;
    }
  }
}

interface Member {
  readonly key: string;
  readonly value: string;
}

/** jsonb's own order for ASCII keys, so that what comes from the target is in order already. */
function compareKeys(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** In order, the last of equal keys kept. */
function orderMembers(members: readonly Member[]): Member[] {
  const unique = new Map(members.map((member) => [member.key, member]));
  return [...unique.values()].sort((a, b) => compareKeys(a.key, b.key));
}

/** Plain decimal notation without zeros at the end of the fraction. */
function canonicalNumber(text: string): string {
  if (plainInteger.test(text)) return text;
  decimal.parse(text);
  return decimal.plainText();
}

const plainInteger = /^(?:0|-?[1-9]\d*)$/;

/** What numbers and words are made of: letters, digits, sign, point. */
function isScalarCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x45
  );
}
