import { detectDialect } from './detect-dialect.ts';
import { compressionOf, plainHead, wideEncoding } from '../shared/plain/file-format.ts';

/**
 * Whether a file holds records of several fields: told by its first bytes. Only a file of one column, or one with many odd records, needs its name to be
 * known, since a list of words is a table and a text alike.
 */
export async function looksDelimited(path: string, head: Uint8Array): Promise<boolean> {
  const compression = compressionOf(head);
  const plain = compression === null ? head : await plainHead(path, compression, 4_096);
  const text = asciiBytes(plain);
  if (text === null) return false;
  const whole = plain.length < 4_096;
  const { width, share, records, dialect } = detectDialect(text, whole, {});
  const named = /\.(?:csv|tsv|tab|psv)(?:\.(?:gz|zst|zstd))?$/i.test(path);
  if (records === 0 || share < (named ? 0.5 : 0.75)) return false;
  const end = text.at(-1);
  // A record that is longer than what was looked at is one all the same.
  const ended = !whole || end === 10 || end === 13;
  if (width === 1 || named) return named && (ended || records >= 2);
  // One line may be a header without rows, but words with commas between them are a sentence.
  const [line = ''] = Buffer.from(text)
    .toString('latin1')
    .split(/[\r\n]/, 1);
  const spaced = line.includes(`${dialect.delimiter} `);
  return records >= 2 || (ended && !spaced);
}

/** The bytes without a mark, or the ASCII of an encoding with two bytes a character; null when they are no text of records. */
function asciiBytes(head: Uint8Array): Buffer | null {
  const wide = wideEncoding(head);
  const text =
    wide === null || wide.encoding === 'utf-8'
      ? Buffer.from(head.subarray(wide?.mark ?? 0))
      : Buffer.from(new TextDecoder(wide.encoding).decode(head));
  const first = text.find((byte) => byte > 32);
  if (first === undefined || first === 0x7b || first === 0x5b || first === 0x3c) return null;
  let controls = 0;
  for (const byte of text) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 31 && byte !== 1) controls++;
  return controls > Math.max(2, text.length / 50) ? null : text;
}
