import { createHash } from 'node:crypto';
import { maxIdentifierBytes } from './quote.ts';

/** `<table>_<columns>_<suffix>`, cut to what PostgreSQL keeps; a cut name carries a hash of the whole, so that it stays unique and the same each time. */
export function objectName(table: string, columns: readonly string[], suffix: string): string {
  const whole = [table, ...columns, suffix].join('_');
  if (Buffer.byteLength(whole) <= maxIdentifierBytes) return whole;
  return withHash([table, ...columns].join('_'), suffix, whole);
}

/** Hands out each name once per schema. */
export interface NamePool {
  /** Marks a name that is given; it is not handed out any more. */
  reserve(schema: string, name: string): void;
  /** `wanted` when it is free, else the same with a hash of `identity` (what tells two objects with one name apart). */
  take(schema: string, wanted: string, identity: string): string;
}

export function createNamePool(): NamePool {
  const taken = new Set<string>();
  const key = (schema: string, name: string): string => JSON.stringify([schema, name]);
  return {
    reserve: (schema, name) => void taken.add(key(schema, name)),
    take(schema, wanted, identity) {
      let name = wanted;
      for (let attempt = 0; taken.has(key(schema, name)); attempt += 1) name = withHash(wanted, null, `${identity} ${attempt}`);
      taken.add(key(schema, name));
      return name;
    },
  };
}

function withHash(stem: string, suffix: string | null, hashed: string): string {
  const hash = createHash('sha256').update(hashed).digest('hex').slice(0, 8);
  const end = suffix === null ? `_${hash}` : `_${hash}_${suffix}`;
  return `${cutToBytes(stem, maxIdentifierBytes - Buffer.byteLength(end))}${end}`;
}

/** The longest beginning of whole characters that has at most `bytes` bytes. */
function cutToBytes(text: string, bytes: number): string {
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    cut += character;
  }
  return cut;
}
