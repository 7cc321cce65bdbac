import { isUtf8 } from 'node:buffer';
import { InvalidText } from '../../model/source-value.ts';
import type { Dialect } from './dialect.ts';
import { fieldForms } from './record-scanner.ts';

export type FieldValue = string | InvalidText | null;

/** Turns the bytes of a field into its value: an empty field without quotes is NULL, one with quotes is ''. */
export class FieldText {
  readonly #quote: number;
  readonly #backslash: number;
  readonly #decode: (bytes: Buffer) => string | InvalidText;

  constructor({ quote, escape, encoding }: Dialect) {
    this.#quote = quote?.charCodeAt(0) ?? -1;
    this.#backslash = escape === quote ? -1 : escape.charCodeAt(0);
    this.#decode = encoding === 'windows-1252' ? decodeWindows1252 : decodeUtf8;
  }

  /** `ascii`: every byte is. */
  read(buffer: Buffer, start: number, end: number, form: number, ascii: boolean): FieldValue {
    if (start === end) return form === fieldForms.plain ? null : '';
    if (form === fieldForms.escaped) {
      const bytes = this.#unescape(buffer.subarray(start, end));
      return ascii ? bytes.toString('latin1') : this.#decode(bytes);
    }
    return ascii ? buffer.toString('latin1', start, end) : this.#decode(buffer.subarray(start, end));
  }

  /** A doubled quote is a quote; an escape before a quote or another escape goes, before anything else it stays. */
  #unescape(field: Buffer): Buffer {
    const bytes = Buffer.allocUnsafe(field.length);
    let length = 0;
    for (let at = 0; at < field.length; at++) {
      const code = field[at] as number;
      const next = field[at + 1];
      if (code === this.#quote || (code === this.#backslash && (next === this.#quote || next === this.#backslash))) at++;
      bytes[length++] = field[at] as number;
    }
    return bytes.subarray(0, length);
  }
}

function decodeUtf8(bytes: Buffer): string | InvalidText {
  return isUtf8(bytes) ? bytes.toString('utf8') : new InvalidText(Buffer.from(bytes));
}

/** What Windows-1252 has in place of the control characters 0x80 to 0x9f of Latin-1; five places are empty. https://encoding.spec.whatwg.org/index-windows-1252.txt */
const upper = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';

function decodeWindows1252(bytes: Buffer): string | InvalidText {
  let text = '';
  let copied = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at] as number;
    if (code < 0x80 || code > 0x9f) continue;
    const character = upper[code - 0x80] as string;
    if (character === '\0') return new InvalidText(Buffer.from(bytes));
    text += bytes.toString('latin1', copied, at) + character;
    copied = at + 1;
  }
  return copied === 0 ? bytes.toString('latin1') : text + bytes.toString('latin1', copied);
}
