import { createHash } from 'node:crypto';
import { maxIdentifierBytes } from '../sql/quote.ts';

export type IdentifierStyle = 'preserve' | 'lower' | 'snake';

/** What a name of the source is called in PostgreSQL; `note` says why when it is not what the style alone would give. */
export interface NamedIdentifier {
  readonly from: string;
  readonly to: string;
  readonly note: string | null;
}

/** Columns that every PostgreSQL table has already: https://www.postgresql.org/docs/current/ddl-system-columns.html */
export const systemColumns: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/**
 * Names for `names` that are unique among themselves and against `reserved`, legal and at most 63 bytes; deterministic.
 * Of names that collide the one that needs no change keeps its name, else the first; the others get a suffix hashed from their own name.
 * The answer is by position; `names` must hold no name twice.
 */
export function nameIdentifiers(
  names: readonly string[],
  style: IdentifierStyle,
  reserved: ReadonlySet<string> = new Set(),
): NamedIdentifier[] {
  const wishes = names.map((name, position) => wishFor(name, style, position));
  const taken = new Set(reserved);
  const result = new Array<NamedIdentifier | undefined>(names.length);
  const settle = (position: number): void => {
    const wish = wishes[position] as Wish;
    const from = names[position] as string;
    const to = taken.has(wish.text) || wish.hashed ? withHash(wish.text, from, taken) : wish.text;
    const note = wish.note ?? (to === wish.text ? null : 'its name is used already');
    taken.add(to);
    result[position] = { from, to, note };
  };
  names.forEach((name, position) => wishes[position]?.text === name && !wishes[position].hashed && !reserved.has(name) && settle(position));
  names.forEach((_, position) => result[position] === undefined && settle(position));
  return result as NamedIdentifier[];
}

interface Wish {
  readonly text: string;
  /** The text alone does not tell the name apart from others cut the same way. */
  readonly hashed: boolean;
  readonly note: string | null;
}

function wishFor(name: string, style: IdentifierStyle, position: number): Wish {
  const legal = name.replace(/\p{Surrogate}/gu, '\uFFFD').replaceAll('\0', '');
  const styled = style === 'preserve' ? legal : style === 'lower' ? legal.toLowerCase() : toSnake(legal);
  if (styled === '') return { text: `unnamed_${position + 1}`, hashed: false, note: 'it has no name that PostgreSQL can store' };
  if (systemColumns.has(styled)) return { text: `${styled}_`, hashed: false, note: 'PostgreSQL keeps this name for a system column' };
  if (Buffer.byteLength(styled) > maxIdentifierBytes)
    return { text: styled, hashed: true, note: `it is longer than ${maxIdentifierBytes} bytes` };
  return { text: styled, hashed: false, note: legal === name ? null : 'it held characters that PostgreSQL cannot store' };
}

function toSnake(name: string): string {
  return name
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
}

/** `text` cut so that `_` and eight hexadecimal digits of the original name fit behind it; more rounds only if even that is taken. */
function withHash(text: string, original: string, taken: ReadonlySet<string>): string {
  for (let round = 0; ; round += 1) {
    const salt = round === 0 ? original : `${original}\0${round}`;
    const digest = createHash('sha256').update(salt).digest('hex').slice(0, 8);
    const name = `${cutToBytes(text, maxIdentifierBytes - digest.length - 1)}_${digest}`;
    if (!taken.has(name)) return name;
  }
}

/** The longest start of `text` of at most `limit` UTF-8 bytes that splits no character. */
function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    cut += character;
  }
  return cut;
}
