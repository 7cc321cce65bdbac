/** A text in three parts, of which the middle one is what two texts do not share. */
export interface MarkedText {
  readonly before: string;
  readonly changed: string;
  readonly after: string;
}

/** What is different between two texts: everything between their common beginning and end. Characters outside the basic plane are not cut in half. */
export function changedPart(source: string, target: string): { readonly source: MarkedText; readonly target: MarkedText } {
  const a = Array.from(source);
  const b = Array.from(target);
  const shortest = Math.min(a.length, b.length);
  let start = 0;
  while (start < shortest && a[start] === b[start]) start++;
  let end = 0;
  while (end < shortest - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return { source: parts(a, start, end), target: parts(b, start, end) };
}

function parts(characters: readonly string[], start: number, end: number): MarkedText {
  const stop = characters.length - end;
  return {
    before: characters.slice(0, start).join(''),
    changed: characters.slice(start, stop).join(''),
    after: characters.slice(stop).join(''),
  };
}

/** Blanks that nobody would see at the end of a text. */
export function visibleBlanks(text: string): string {
  return text
    .replace(/[ \u00a0]+$/, (blanks) => '·'.repeat(blanks.length))
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '⇥');
}
