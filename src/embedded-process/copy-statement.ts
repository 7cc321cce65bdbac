import { quoteLiteral } from '../core/sql/quote.ts';

/** `COPY … FROM STDIN …` → `COPY … FROM '/file' …`, and the same for `TO STDOUT`; null when the statement is neither. */
export function copyThroughFile(sql: string, direction: 'in' | 'out', file: string): string | null {
  const words = direction === 'in' ? /^FROM\s+STDIN$/i : /^TO\s+STDOUT$/i;
  let place: { readonly from: number; readonly to: number } | null = null;
  // Names and texts come first in the alternation, so that what stands inside of them is passed over.
  for (const found of sql.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\b(?:FROM\s+STDIN|TO\s+STDOUT)\b/gi)) {
    if (words.test(found[0])) place = { from: found.index, to: found.index + found[0].length };
  }
  if (place === null) return null;
  return `${sql.slice(0, place.from)}${direction === 'in' ? 'FROM' : 'TO'} ${quoteLiteral(file)}${sql.slice(place.to)}`;
}
