interface Spanned {
  readonly span: { readonly offset: number; readonly length: number };
}

/** Replacements in a text by the places of a syntax tree; the rest stays as it was written, comments included. */
export class TextEdits {
  readonly #text: string;
  readonly #edits = new Map<number, { readonly end: number; readonly text: string }>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The later of two edits of one place counts. */
  replace({ span }: Spanned, text: string): void {
    this.#edits.set(span.offset, { end: span.offset + span.length, text });
  }

  /** Replaces what stands between two parts, such as an operator, where `pattern` is found there. */
  replaceBetween(left: Spanned, right: Spanned, pattern: RegExp, text: string): void {
    const start = left.span.offset + left.span.length;
    const found = pattern.exec(this.#text.slice(start, right.span.offset));
    if (found !== null) this.#edits.set(start + found.index, { end: start + found.index + found[0].length, text });
  }

  at({ span }: Spanned): string {
    return this.#text.slice(span.offset, span.offset + span.length);
  }

  /** The part of the text, edited. Edits inside of a replaced place are dropped with it. */
  result({ span }: Spanned): string {
    const end = span.offset + span.length;
    let at = span.offset;
    let result = '';
    for (const [start, edit] of [...this.#edits].sort(([a], [b]) => a - b)) {
      if (start < at || edit.end > end) continue;
      result += this.#text.slice(at, start) + edit.text;
      at = edit.end;
    }
    return result + this.#text.slice(at, end);
  }
}
