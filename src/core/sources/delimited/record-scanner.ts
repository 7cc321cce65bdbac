import type { Dialect } from './dialect.ts';

const lf = 10;
const cr = 13;

/** How a field is written: as it is, in quotes, or in quotes with something escaped between them. */
export const fieldForms = { plain: 0, quoted: 1, escaped: 2 } as const;

/** Why a record is none. */
export type RecordFault = 'text-behind-quote' | 'open-quote';

/** Finds the fields of one record after the other in bytes of any encoding that has ASCII in it. Reused, so that nothing is allocated for a record. */
export class RecordScanner {
  /** Of the fields of the last record, without quotes; only the first `fields` entries count. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly forms: number[] = [];
  fields = 0;
  /** Behind the record and its line end. */
  end = 0;
  /** Behind the record, before its line end. */
  contentEnd = 0;
  /** Line ends in the record and behind it. */
  lines = 0;
  fault: RecordFault | null = null;
  /** Some byte of a field is not ASCII. */
  high = false;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #comment: number;
  readonly #lfEnds: boolean;
  readonly #crEnds: boolean;

  constructor({ delimiter, quote, escape, comment, lineEnds }: Dialect) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote === null ? -1 : quote.charCodeAt(0);
    this.#escape = escape === quote ? -1 : escape.charCodeAt(0);
    this.#comment = comment === null ? -1 : comment.charCodeAt(0);
    this.#lfEnds = lineEnds !== 'cr';
    this.#crEnds = lineEnds !== 'lf';
  }

  /** Whether the line at `from` is a comment. */
  isComment(buffer: Uint8Array, from: number): boolean {
    return buffer[from] === this.#comment;
  }

  /** The last record is an empty line. */
  get blank(): boolean {
    return this.fields === 1 && this.forms[0] === fieldForms.plain && this.starts[0] === this.ends[0];
  }

  /** Reads the record at `from`; false when more bytes are needed, unless the buffer ends with the file (`last`). */
  scan(buffer: Uint8Array, from: number, last: boolean): boolean {
    this.#begin();
    for (let at = from; ;) {
      at = buffer[at] === this.#quote ? this.#quoted(buffer, at + 1, last) : this.#plain(buffer, at);
      if (at < 0) return false;
      if (at >= buffer.length) return last && this.#finish(at, at);
      if (buffer[at] === this.#delimiter) at++;
      else return this.#finishLine(buffer, at, last);
    }
  }

  /** Reads one line, whatever it holds. */
  scanLine(buffer: Uint8Array, from: number, last: boolean): boolean {
    this.#begin();
    let at = from;
    while (at < buffer.length && !this.#endsLine(buffer, at)) at++;
    return at < buffer.length ? this.#finishLine(buffer, at, last) : last && this.#finish(at, at);
  }

  #begin(): void {
    this.fields = 0;
    this.lines = 0;
    this.fault = null;
    this.high = false;
  }

  /** Up to a delimiter or a line end. Gives the place of what ends the field. */
  #plain(buffer: Uint8Array, from: number): number {
    const delimiter = this.#delimiter;
    let at = from;
    let bits = 0;
    for (; at < buffer.length; at++) {
      const code = buffer[at] as number;
      if (code === delimiter || ((code === lf || code === cr) && this.#endsLine(buffer, at))) break;
      bits |= code;
    }
    if (bits > 0x7f) this.high = true;
    this.#add(from, at, fieldForms.plain);
    return at;
  }

  /** From behind the opening quote; -1 when more bytes are needed. */
  #quoted(buffer: Uint8Array, start: number, last: boolean): number {
    let form: number = fieldForms.quoted;
    let bits = 0;
    for (let at = start; at < buffer.length; at++) {
      const code = buffer[at] as number;
      if (code === this.#quote) {
        if (at + 1 >= buffer.length && !last) return -1;
        if (at + 1 >= buffer.length || buffer[at + 1] !== this.#quote) {
          if (bits > 0x7f) this.high = true;
          this.#add(start, at, form);
          return this.#behindQuote(buffer, at + 1);
        }
        form = fieldForms.escaped;
        at++;
      } else if (code === this.#escape) {
        form = fieldForms.escaped;
        at++;
        bits |= buffer[at] ?? 0;
      } else {
        if (code === lf || (code === cr && this.#crEnds && buffer[at + 1] !== lf)) this.lines++;
        bits |= code;
      }
    }
    if (!last) return -1;
    this.fault = 'open-quote';
    this.#add(start, buffer.length, form);
    return buffer.length;
  }

  #behindQuote(buffer: Uint8Array, from: number): number {
    let at = from;
    while (at < buffer.length && buffer[at] !== this.#delimiter && !this.#endsLine(buffer, at)) at++;
    if (at > from) this.fault = 'text-behind-quote';
    return at;
  }

  #endsLine(buffer: Uint8Array, at: number): boolean {
    const code = buffer[at];
    if (code === lf) return this.#lfEnds;
    // In a file of LF a CR alone is part of a value. Whether one at the end of the buffer is half of CRLF is told by the next bytes.
    return code === cr && (this.#crEnds || buffer[at + 1] === lf);
  }

  #add(start: number, end: number, form: number): void {
    const { fields } = this;
    this.starts[fields] = start;
    this.ends[fields] = end;
    this.forms[fields] = form;
    this.fields = fields + 1;
  }

  #finishLine(buffer: Uint8Array, at: number, last: boolean): boolean {
    if (buffer[at] !== cr) return this.#finish(at, at + 1, 1);
    if (at + 1 >= buffer.length && !last) return false;
    return this.#finish(at, buffer[at + 1] === lf ? at + 2 : at + 1, 1);
  }

  #finish(contentEnd: number, end: number, lines = 0): true {
    this.contentEnd = contentEnd;
    this.end = end;
    this.lines += lines;
    return true;
  }
}
