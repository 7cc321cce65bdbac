import { MigrationError } from '../errors.ts';

/** PostgreSQL cuts longer names without an error, so that two names may become one. */
export const maxIdentifierBytes = 63;

/** `Order` → `"Order"`. Always quoted, so that no name is folded or taken for a key word. Throws `invalid-identifier`. */
export function quoteIdentifier(name: string): string {
  const fault = identifierFault(name);
  if (fault !== null) throw new MigrationError('invalid-identifier', { context: { name: shown(name), detail: fault } });
  return `"${name.replaceAll('"', '""')}"`;
}

/** `it's` → `'it''s'`; safe whatever `standard_conforming_strings` says. Throws `invalid-literal` when PostgreSQL cannot hold the text. */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new MigrationError('invalid-literal', { context: { detail: 'it holds a NUL character' } });
  if (loneSurrogate.test(text)) throw new MigrationError('invalid-literal', { context: { detail: 'it holds half of a surrogate pair' } });
  const doubled = text.replaceAll("'", "''");
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

/** `"schema"."name"`, or `"name"` when the schema is null. */
export function qualifiedName(schema: string | null, name: string): string {
  return schema === null ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** Comma-separated list of quoted names. */
export function quoteList(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}

/** Why PostgreSQL cannot take a name as it is; null when it can. */
export function identifierFault(name: string): string | null {
  if (name === '') return 'it is empty';
  if (name.includes('\0')) return 'it holds a NUL character';
  if (loneSurrogate.test(name)) return 'it holds half of a surrogate pair';
  const bytes = Buffer.byteLength(name);
  return bytes > maxIdentifierBytes ? `it has ${bytes} bytes and PostgreSQL keeps ${maxIdentifierBytes}` : null;
}

const loneSurrogate = /\p{Cs}/u;

function shown(name: string): string {
  const plain = name.replaceAll('\0', '\\0');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
