import { canonicalJson } from '../../tuple/canonical-json.ts';

/**
 * Some object of the JSON `text`, which `parsed` was read from, has a key twice: JSON.parse and jsonb keep only the last. Keys with escapes are not
 * looked up in `parsed`: V8 can take such a key for another (after `{"a":1,"\\":1}` it reads `{"a":1,"\n":1}` as if it were the same).
 */
export function hasDuplicateKeys(text: string, parsed: unknown): boolean {
  return writtenKeys(text) !== (text.includes('\\') ? writtenKeys(canonicalJson(text)) : keptKeys(parsed));
}

/** Strings with a colon behind them; nothing else in JSON has quotes. */
function writtenKeys(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = behindString(text, at);
    let code = text.charCodeAt(at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++at);
    if (code === 0x3a) keys++;
  }
  return keys;
}

function behindString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

/** Without recursion: documents may be nested as deep as they like. */
function keptKeys(parsed: unknown): number {
  let keys = 0;
  const left = [parsed];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const items: readonly unknown[] = Object.values(value);
    if (!Array.isArray(value)) keys += items.length;
    for (const item of items) if (typeof item === 'object') left.push(item);
  }
  return keys;
}
