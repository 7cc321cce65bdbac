/** A text in three parts, of which the middle one is what two texts do not share. */
export interface MarkedText {
  readonly before: string;
  readonly changed: string;
  readonly after: string;
}

/** What is different between two texts: everything between their common beginning and end. What a reader sees as one character is not cut apart. */
export function changedPart(source: string, target: string): { readonly source: MarkedText; readonly target: MarkedText } {
  const a = Array.from(source);
  const b = Array.from(target);
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  while (start > 0 && (joins(a, start) || joins(b, start))) start--;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  while (end > 0 && (joins(a, a.length - end) || joins(b, b.length - end))) end--;
  return { source: parts(a, start, end), target: parts(b, start, end) };
}

/** The same mark with less around it: `lead` characters before it, `most` of each other part. Lets a change in the middle of a long text be seen. */
export function shortened({ before, changed, after }: MarkedText, lead: number, most: number): MarkedText {
  return {
    before: before.length > lead + 1 ? `…${before.slice(-lead).replace(/^[\udc00-\udfff]/, '')}` : before,
    changed: head(changed, most),
    after: head(after, most),
  };
}

function head(text: string, most: number): string {
  return text.length > most + 1 ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/** Accents and parts of emoji belong to the character before them. */
function joins(characters: readonly string[], at: number): boolean {
  const one = characters[at];
  return one !== undefined && (/^[\p{M}\u200d\u{1f3fb}-\u{1f3ff}]$/u.test(one) || characters[at - 1] === '\u200d');
}

function parts(characters: readonly string[], start: number, end: number): MarkedText {
  const stop = characters.length - end;
  return {
    before: characters.slice(0, start).join(''),
    changed: characters.slice(start, stop).join(''),
    after: characters.slice(stop).join(''),
  };
}
