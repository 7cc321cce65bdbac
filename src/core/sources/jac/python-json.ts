import { isUtf8 } from 'node:buffer';
import type { PythonValue } from './anchor.ts';
import { recordLimits, type RecordLimits } from './pickle/pickle-limits.ts';
import { RecordFault } from './record-fault.ts';

/**
 * Reads JSON as Python's json module writes it: integers of any size are told from floats, and NaN, Infinity and -Infinity are numbers. Of equal keys the
 * last value counts. An object with texts under `__type__` and `__module__` is one of that class. Throws RecordFault.
 */
export function readPythonJson(bytes: Uint8Array, limits: RecordLimits = recordLimits): PythonValue {
  if (bytes.length > limits.bytes) throw new RecordFault(`it has ${bytes.length} bytes, more than ${limits.bytes}`);
  if (!isUtf8(bytes)) throw new RecordFault('it is no text in UTF-8');
  return new Parser(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(), limits).document();
}

const number = /-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const space = /[ \t\r\n]*/y;

const words: readonly (readonly [string, PythonValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
];

class Parser {
  readonly #text: string;
  readonly #limits: RecordLimits;
  #at = 0;
  #values = 0;

  constructor(text: string, limits: RecordLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  document(): PythonValue {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#fault('something stands behind its end');
    return value;
  }

  #value(depth: number): PythonValue {
    const { values, depth: deepest } = this.#limits;
    if (depth > deepest) throw new RecordFault(`it is nested deeper than ${deepest} levels`);
    if (++this.#values > values) throw new RecordFault(`it has more than ${values} values`);
    const sign = this.#text[this.#at];
    if (sign === '"') return this.#string();
    if (sign === '[') return { tag: 'list', items: this.#group(']', () => this.#value(depth + 1)) };
    if (sign === '{') return objectOf(new Map(this.#group('}', () => this.#entry(depth + 1))));
    const word = words.find(([each]) => this.#text.startsWith(each, this.#at));
    if (word === undefined) return this.#number();
    this.#at += word[0].length;
    return word[1];
  }

  #group<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#take(end)) return items;
    do {
      this.#skipSpace();
      items.push(read());
      this.#skipSpace();
    } while (this.#take(','));
    if (!this.#take(end)) throw this.#fault(`there is no comma or ${end}`);
    return items;
  }

  #entry(depth: number): readonly [string, PythonValue] {
    if (this.#text[this.#at] !== '"') throw this.#fault('there is no key');
    const key = this.#string();
    this.#skipSpace();
    if (!this.#take(':')) throw this.#fault('there is no colon');
    this.#skipSpace();
    return [key, this.#value(depth)];
  }

  #string(): string {
    const from = this.#at++;
    let escaped = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at++);
      if (code === 0x22) break;
      if (Number.isNaN(code) || code < 0x20) throw this.#fault('a text does not end');
      if (code !== 0x5c) continue;
      escaped = true;
      this.#at++;
    }
    if (!escaped) return this.#text.slice(from + 1, this.#at - 1);
    try {
      return JSON.parse(this.#text.slice(from, this.#at)) as string;
    } catch {
      throw this.#fault('a text has a backslash before a character that takes none');
    }
  }

  #number(): PythonValue {
    number.lastIndex = this.#at;
    const [text] = number.exec(this.#text) ?? [];
    if (text === undefined) throw this.#fault('there is no value');
    this.#at += text.length;
    if (!/^-?\d+$/.test(text)) return Number(text);
    // A byte has less than 2.5 decimal digits.
    if (text.length > 2.5 * this.#limits.integerBytes) throw this.#fault('there is an integer of too many digits');
    return BigInt(text);
  }

  #skipSpace(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #fault(what: string): RecordFault {
    return new RecordFault(`it is no JSON: at character ${this.#at} ${what}`);
  }
}

function objectOf(fields: Map<string, PythonValue>): PythonValue {
  const [className, module] = [fields.get('__type__'), fields.get('__module__')];
  if (typeof className !== 'string' || typeof module !== 'string') return { tag: 'dict', entries: [...fields] };
  fields.delete('__type__');
  fields.delete('__module__');
  return { tag: 'object', module, className, fields };
}
