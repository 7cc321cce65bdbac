import { Decimal } from './decimal.ts';

const decimal = new Decimal();

/**
 * The one text of a JSON value as jsonb compares it: keys sorted and the last of equal keys kept, no white space, numbers as exact decimals
 * (never through a JavaScript number), one way of escaping. `text` is valid JSON.
 */
export function canonicalJson(text: string): string {
  return new JsonReader(text).value();
}

class JsonReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(): string {
    this.skipSpace();
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b:
        return this.object();
      case 0x5b:
        return this.array();
      case 0x22:
        return this.string();
      case 0x74:
      case 0x6e:
        return this.word(4);
      case 0x66:
        return this.word(5);
      default:
        return this.number();
    }
  }

  private object(): string {
    const members: Member[] = [];
    let ordered = true;
    this.at++;
    while (!this.endsWith(0x7d)) {
      const key = this.string();
      this.skipSpace();
      this.at++; // the colon
      const last = members.at(-1);
      if (last !== undefined && compareKeys(last.key, key) >= 0) ordered = false;
      members.push({ key, value: this.value() });
    }
    let text = '{';
    for (const { key, value } of ordered ? members : orderMembers(members)) text += `${text === '{' ? '' : ','}${key}:${value}`;
    return `${text}}`;
  }

  private array(): string {
    let text = '[';
    this.at++;
    while (!this.endsWith(0x5d)) text += text === '[' ? this.value() : `,${this.value()}`;
    return `${text}]`;
  }

  private string(): string {
    const from = this.at;
    let escaped = false;
    for (this.at++; this.text.charCodeAt(this.at) !== 0x22; this.at++) {
      if (this.text.charCodeAt(this.at) !== 0x5c) continue;
      escaped = true;
      this.at++;
    }
    const literal = this.text.slice(from, ++this.at);
    return escaped ? JSON.stringify(JSON.parse(literal)) : literal;
  }

  private word(length: number): string {
    this.at += length;
    return this.text.slice(this.at - length, this.at);
  }

  private number(): string {
    const from = this.at;
    while (isNumberCharacter(this.text.charCodeAt(this.at))) this.at++;
    return canonicalNumber(this.text.slice(from, this.at));
  }

  /** Steps over white space, a comma, and `closing` when it stands there. */
  private endsWith(closing: number): boolean {
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 0x2c) {
      this.at++;
      this.skipSpace();
    }
    if (this.text.charCodeAt(this.at) !== closing) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
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

/** Digits, sign, point, exponent. */
function isNumberCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;
}
