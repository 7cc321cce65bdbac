import { DocumentParser, isSpace } from './document-parser.ts';
import type { Framing } from './place.ts';

/** Used again, since there may be hundreds of thousands of files to look at. */
const parser = new DocumentParser();

/** Lines of a file with something broken in it that are looked at. */
const mostLines = 100;

/**
 * Whether each line of a file is a document of its own. It is when the first line is one and more comes behind it; where the head is no JSON otherwise, when
 * half of the lines are, or when the name says so. `whole`: the head is all of the file.
 */
export function detectFraming(name: string, head: Buffer, from: number, whole: boolean): Framing {
  const first = linesOf(head, from, whole).next().value;
  if (first !== undefined && isDocument(head, first)) return hasMore(head, first[1]) || !whole ? 'lines' : 'values';
  if (isSound(head, from)) return 'values';
  let [good, all] = [0, 0];
  for (const line of linesOf(head, from, whole)) {
    if (isDocument(head, line)) good++;
    if (++all === mostLines) break;
  }
  return /\.(?:ndjson|jsonl)(?:\.[a-z]+)?$/i.test(name) || (good > 0 && good * 2 >= all) ? 'lines' : 'values';
}

type Line = readonly [from: number, to: number];

/** Lines that are not empty; the last one only where it ends. */
function* linesOf(head: Buffer, from: number, whole: boolean): Generator<Line, undefined, undefined> {
  let at = from;
  for (;;) {
    while (at < head.length && isSpace(head[at]!)) at++;
    const end = head.indexOf(0x0a, at);
    if (at >= head.length || (end < 0 && !whole)) return undefined;
    const to = end < 0 ? head.length : end;
    yield [at, to];
    at = to;
  }
}

function isDocument(head: Buffer, [from, to]: Line): boolean {
  parser.parse(head, from, to, true);
  return parser.fault === null && !hasMore(head.subarray(0, to), parser.at);
}

function hasMore(head: Buffer, from: number): boolean {
  for (let at = from; at < head.length; at++) if (!isSpace(head[at]!)) return true;
  return false;
}

/** The head is one value after the other, as far as it goes. */
function isSound(head: Buffer, from: number): boolean {
  for (let at = from; ; at = parser.at) {
    while (at < head.length && isSpace(head[at]!)) at++;
    if (at >= head.length || !parser.parse(head, at, head.length, false)) return true;
    if (parser.fault !== null) return false;
  }
}
