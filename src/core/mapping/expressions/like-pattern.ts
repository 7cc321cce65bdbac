import { quoteLiteral } from '../../sql/quote.ts';
import { foldAscii, foldedText } from './expression-value.ts';

/** SQLite's LIKE: ASCII letters have no case, and without ESCAPE nothing escapes. */
export function likeSql(value: string, pattern: string, escape: string, negated: boolean): string {
  return `(${foldedText(value)} ${negated ? 'NOT ' : ''}LIKE ${quoteLiteral(foldAscii(pattern))} ESCAPE ${quoteLiteral(escape)})`;
}

/**
 * SQLite's GLOB as a regular expression over bytes of characters: `*`, `?` and sets. https://www.sqlite.org/lang_expr.html#glob
 * null for a set that never ends, which SQLite matches with nothing.
 */
export function globSql(value: string, pattern: string, negated: boolean): string | null {
  const pieces = pattern.match(/\[\^?\]?[^\]]*\]|[\s\S]/gu) ?? [];
  if (pieces.some((piece) => piece === '[')) return null;
  const regular = pieces.map((piece) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    return piece.length > 1 && piece.startsWith('[') ? setPattern(piece) : escapePlain(piece);
  });
  return `((${value} COLLATE "C") ${negated ? '!~' : '~'} ${quoteLiteral(`^(?:${regular.join('')})$`)})`;
}

/** A bracket stays a range of characters; what has a meaning of its own inside PostgreSQL's brackets is escaped. */
function setPattern(set: string): string {
  const negated = set.startsWith('[^');
  const inner = set.slice(negated ? 2 : 1, -1).replace(/[\\[\]]/g, '\\$&');
  return `[${negated ? '^' : ''}${inner}]`;
}

function escapePlain(character: string): string {
  return /[\\^$.|?*+()[\]{}]/.test(character) ? `\\${character}` : character;
}
