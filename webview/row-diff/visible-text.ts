/** In a line, line ends are marks; in a block they stay what they are. */
export type TextLayout = 'line' | 'block';

/** Characters that draw nothing, apart from those that hold emoji together. */
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g;

/** A text with marks for what nobody would see: characters that draw nothing, and blanks at its end unless something follows (`atEnd` false). */
export function visibleText(text: string, layout: TextLayout, atEnd = true): string {
  const shown = withMarks(text, atEnd);
  return layout === 'line' ? shown.replaceAll('\n', '↵').replaceAll('\t', '⇥') : shown;
}

/** The part of a text that changed: there, line ends, tabs and hard blanks are visible everywhere. */
export function visibleChange(text: string, layout: TextLayout, atEnd: boolean): string {
  return withMarks(text, atEnd)
    .replaceAll('\n', layout === 'line' ? '↵' : '↵\n')
    .replaceAll('\t', '⇥')
    .replaceAll('\u00a0', codePoint);
}

/** Whether two different texts look the same: the same letters, written by other code points. */
export function looksEqual(one: string, other: string): boolean {
  return one !== other && one.normalize('NFC') === other.normalize('NFC');
}

/** "U+0065 U+0301", of at most eight characters. */
export function codePoints(text: string): string {
  const all = Array.from(text);
  const shown = all.slice(0, 8).map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  return `${shown.join(' ')}${all.length > 8 ? ' …' : ''}`;
}

function withMarks(text: string, atEnd: boolean): string {
  const shown = text.replaceAll('\r', '‹CR›').replace(unseen, codePoint);
  return atEnd ? shown.replace(/[ \u00a0]+$/, (blanks) => '·'.repeat(blanks.length)) : shown;
}

function codePoint(one: string): string {
  return `‹${codePoints(one)}›`;
}
