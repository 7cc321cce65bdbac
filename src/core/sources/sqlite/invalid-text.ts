import { isUtf8 } from 'node:buffer';
import { InvalidText, type SourceValue } from '../../model/source-value.ts';
import type { Connection } from '../shared/sqlite/connection.ts';

export type TextEncoding = 'UTF-8' | 'UTF-16le' | 'UTF-16be';

export function textEncodingOf(connection: Connection): TextEncoding {
  return connection.pragma('encoding', { simple: true }) as TextEncoding;
}

/**
 * The driver decodes text leniently, so a U+FFFD may be a character or stand for broken bytes. `raw`: the column's text as bytes, row by row.
 * Where those are not valid, InvalidText takes the string's place in `rows`.
 */
export function markInvalidText(
  rows: readonly SourceValue[][],
  column: number,
  raw: Iterable<readonly SourceValue[]>,
  encoding: TextEncoding,
): void {
  let row = 0;
  for (const [bytes] of raw) {
    if (bytes instanceof Uint8Array && !isValid(bytes, encoding)) rows[row]![column] = new InvalidText(bytes);
    if (++row >= rows.length) break;
  }
}

function isValid(bytes: Uint8Array, encoding: TextEncoding): boolean {
  if (encoding === 'UTF-8') return isUtf8(bytes);
  if (bytes.byteLength % 2 === 1) return false;
  const units = Buffer.from(bytes);
  return (encoding === 'UTF-16le' ? units : units.swap16()).toString('utf16le').isWellFormed();
}
