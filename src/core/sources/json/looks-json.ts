import { compressionOf, plainHead } from '../shared/plain/file-format.ts';
import { DocumentParser, isSpace } from './document-parser.ts';

const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** Used again, since there may be hundreds of thousands of files to look at. */
const parser = new DocumentParser();

/** Names that say that a file holds documents; the list of users beside a Jac session is none. */
export const namedJson = /^(?!.*\.session\.users\.json$).*\.(?:json|ndjson|jsonl|geojson)(?:\.(?:gz|zst|zstd))?$/is;

/**
 * Whether a file holds documents: its head is JSON as far as it goes, an object or an array and perhaps others behind it. Words in brackets are not. Behind
 * a good document there may be a broken one where the name says what the file is, or where others were good before it.
 */
export function looksJson(path: string, head: Uint8Array): boolean {
  const bytes = asciiHead(head);
  if (isListOfUsers(bytes)) return false;
  let at = markLength(bytes);
  for (let found = 0; ; found++) {
    while (at < bytes.length && isSpace(bytes[at]!)) at++;
    if (at >= bytes.length) return found > 0;
    if (found === 0 && bytes[at] !== 0x7b && bytes[at] !== 0x5b) return false;
    // The end may be cut off: because only the head is looked at, or because the file is.
    if (!parser.parse(bytes, at, bytes.length, false)) return true;
    if (parser.fault !== null) return found > 2 || (found > 0 && namedJson.test(path));
    at = parser.at;
  }
}

/** What Jac's server keeps beside its store: names with hashes of passwords and tokens. It is no data, and the Jac source reads the names alone. */
export function isListOfUsers(head: Uint8Array): boolean {
  return /^\s*\{\s*"__jac_users__"/.test(Buffer.from(head.subarray(0, 256)).toString('latin1'));
}

/** As `looksJson`, of a file that may be compressed. */
export async function holdsJson(path: string, head: Uint8Array): Promise<boolean> {
  const compression = compressionOf(head);
  return looksJson(path, compression === null ? head : await plainHead(path, compression, 4_096));
}

/** Bytes of the mark of UTF-8 at the beginning. */
export function markLength(head: Uint8Array): number {
  return byteOrderMark.every((byte, i) => head[i] === byte) ? byteOrderMark.length : 0;
}

/** UTF-16, told by its mark or by zeros in every other place; null = some encoding with ASCII in it. */
export function wideEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const open = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b;
  if (open(head[0]) && head[1] === 0) return 'utf-16le';
  return head[0] === 0 && open(head[1]) ? 'utf-16be' : null;
}

/** ASCII of an encoding with two bytes a character, so that such a file is told as what it is. */
function asciiHead(head: Uint8Array): Uint8Array {
  const wide = wideEncoding(head);
  if (wide === null) return head;
  const text = new TextDecoder(wide).decode(head.subarray(0, head.length & ~1));
  return Buffer.from(text);
}
