import { DocumentParser, isSpace, mostLevels } from './document-parser.ts';
import { FileWindow, type OpenFile } from './file-window.ts';
import type { Framing, Place, PlaceState } from './place.ts';
import type { Tape } from './tape.ts';

/** Bytes of one document: a quote that is never closed must not take the whole file into memory. */
const mostDocumentBytes = 2 ** 28;

/** Bytes of a broken document that are kept for people. */
const keptBytes = 1 << 16;

const lineFeed = 0x0a;

/** Why a document cannot be read, and the byte of the file where that shows. */
export interface DocumentFault {
  /** Behind "The document". */
  readonly reason: string;
  readonly at: number;
  /** What the document begins with. */
  readonly bytes: Buffer;
}

/**
 * Reads the documents of a file from a place on, one at a time. Behind a broken one a file of lines goes on with the next line; any other file is given up,
 * since nothing tells where the next document begins.
 */
export class DocumentReader {
  /** Place of the last document. */
  place: Place;
  /** Behind the last document. */
  end = 0;
  fault: DocumentFault | null = null;
  /** Values that stand at the top of the file, as far as it was read: an array counts once. */
  topValues = 0;
  readonly #window: FileWindow;
  readonly #framing: Framing;
  readonly #parser: DocumentParser;
  readonly #limit: number;
  #document: number;
  #line: number;
  #state: PlaceState;
  #over = false;

  /** `parser`: used again for file after file. `limit`: most bytes of a document. */
  constructor(
    file: OpenFile,
    framing: Framing,
    from: Place,
    { parser = new DocumentParser(), limit = mostDocumentBytes }: { readonly parser?: DocumentParser; readonly limit?: number } = {},
  ) {
    this.#window = new FileWindow(file, from.at);
    this.#framing = framing;
    this.#parser = parser;
    this.#limit = limit;
    this.place = from;
    this.#document = from.document;
    this.#line = from.line;
    this.#state = from.state;
  }

  /** The last document; valid until the next is read. */
  get tape(): Tape {
    const { nodes, spaced, repeated } = this.#parser;
    return { bytes: this.#window.bytes, nodes, spaced, repeated };
  }

  /** Moves to the next document; false at the end of the file. */
  read(): boolean {
    this.fault = null;
    if (this.#over || !(this.#framing === 'lines' ? this.#beginLine() : this.#beginValue())) return false;
    this.#document++;
    return true;
  }

  #beginLine(): boolean {
    const window = this.#window;
    for (;;) {
      this.#skipSpace();
      if (!window.here()) return false;
      this.#stand();
      const end = this.#lineEnd();
      if (end < 0) return this.#passLongLine();
      this.#parse(window.at, end, true);
      let behind = this.#parser.at;
      while (behind < end && isSpace(window.bytes[behind]!)) behind++;
      if (this.fault === null && behind < end) this.#break('has more in its line than one value', behind);
      window.at = end;
      this.end = window.base + end;
      return true;
    }
  }

  /** The end of the line in the window, without its line feed; -1 = it is longer than a document may be. */
  #lineEnd(): number {
    const window = this.#window;
    let looked = window.at;
    for (;;) {
      const found = window.bytes.indexOf(lineFeed, looked);
      if (found >= 0) return found;
      if (window.last) return window.bytes.length;
      if (window.bytes.length - window.at >= this.#limit) return -1;
      looked = window.bytes.length - window.at;
      window.fill();
    }
  }

  #passLongLine(): boolean {
    const window = this.#window;
    this.#break(`has more than ${this.#limit} bytes`, window.at + this.#limit);
    for (let end = -1; end < 0;) {
      window.at = window.bytes.length;
      if (!window.here()) break;
      end = window.bytes.indexOf(lineFeed, window.at);
      if (end >= 0) window.at = end;
    }
    this.end = window.base + window.at;
    return true;
  }

  #beginValue(): boolean {
    const window = this.#window;
    for (;;) {
      this.#skipSpace();
      const here = window.here();
      if (!here && this.#state === 'top') return false;
      this.#stand();
      if (!here) return this.#giveUp('is missing: the file ends before its array does', window.at);
      const byte = window.bytes[window.at]!;
      if (this.#state === 'top' && byte === 0x5b) this.#step('first-element');
      else if (byte === 0x5d && (this.#state === 'first-element' || this.#state === 'behind-element')) this.#step('top');
      else if (this.#state === 'behind-element') {
        if (byte !== 0x2c) return this.#giveUp('has no comma or ] in front of it', window.at);
        this.#step('element');
      } else return this.#value();
    }
  }

  #step(state: PlaceState): void {
    this.#window.at++;
    if (this.#state === 'top') this.topValues++;
    this.#state = state;
  }

  #value(): boolean {
    const window = this.#window;
    while (!this.#parse(window.at, window.bytes.length, window.last)) {
      if (window.bytes.length - window.at >= this.#limit)
        return this.#giveUp(`has more than ${this.#limit} bytes`, window.at + this.#limit);
      window.fill();
    }
    const broken = this.#parser.fault !== null;
    if (this.#state === 'top') this.topValues++;
    this.#countLines(window.at, this.#parser.at);
    window.at = this.#parser.at;
    this.end = window.base + window.at;
    this.#over = broken;
    if (this.#state !== 'top') this.#state = 'behind-element';
    return true;
  }

  /** False where the value may go on behind the window. */
  #parse(from: number, end: number, whole: boolean): boolean {
    const parser = this.#parser;
    if (!parser.parse(this.#window.bytes, from, end, whole)) return false;
    if (parser.fault !== null) this.#break(parser.fault, parser.at);
    else if (parser.deepAt >= 0) this.#break(`is nested more than ${mostLevels} levels deep`, parser.deepAt);
    else if (parser.at - from > this.#limit) this.#break(`has more than ${this.#limit} bytes`, from + this.#limit);
    return true;
  }

  /** `at`: in the window. */
  #break(reason: string, at: number): void {
    const { base, bytes } = this.#window;
    const from = this.place.at - base;
    const end = this.#framing === 'lines' ? bytes.indexOf(lineFeed, from) : -1;
    this.fault = { reason, at: base + at, bytes: Buffer.from(bytes.subarray(from, Math.min(from + keptBytes, end < 0 ? Infinity : end))) };
  }

  #giveUp(reason: string, at: number): true {
    this.#break(reason, at);
    this.end = this.#window.base + this.#window.at;
    this.#over = true;
    return true;
  }

  #stand(): void {
    this.place = { at: this.#window.base + this.#window.at, line: this.#line, document: this.#document, state: this.#state };
  }

  #skipSpace(): void {
    const window = this.#window;
    while (window.here()) {
      const byte = window.bytes[window.at]!;
      if (!isSpace(byte)) return;
      if (byte === lineFeed) this.#line++;
      window.at++;
    }
  }

  #countLines(from: number, to: number): void {
    const { bytes } = this.#window;
    for (let at = bytes.indexOf(lineFeed, from); at >= 0 && at < to; at = bytes.indexOf(lineFeed, at + 1)) this.#line++;
  }
}
