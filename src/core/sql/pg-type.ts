import { MigrationError } from '../errors.ts';
import type { PgType } from '../model/pg-type.ts';
import { qualifiedName, quoteIdentifier } from './quote.ts';
import { builtInTypes, extensionTypes, typeAliases } from './type-names.ts';

/**
 * Reads a type as PostgreSQL or `format_type()` writes it: `int8`, `character varying(255)`, `timestamp(3) with time zone`, `vector(384)`,
 * `numeric(10,2)[]`, `"Shop".mood`. Built-in names and their aliases are matched in any case and made canonical; any other name is kept exactly as
 * written, because names in a plan are exact. Throws `invalid-type`.
 */
export function parsePgType(text: string): PgType {
  const array = splitArray(text.trim());
  const scalar = parseScalar(array.element);
  if (scalar === null) throw new MigrationError('invalid-type', { context: { type: text } });
  return { ...scalar, arrayDepth: array.depth };
}

/** The same; null where the text is no type. */
export function tryParsePgType(text: string): PgType | null {
  try {
    return parsePgType(text);
  } catch {
    return null;
  }
}

/** Text that PostgreSQL reads back as the same type. */
export function formatPgType(type: PgType): string {
  const modifiers = type.modifiers.length === 0 ? '' : `(${type.modifiers.join(',')})`;
  return `${formatName(type)}${modifiers}${'[]'.repeat(type.arrayDepth)}`;
}

/** A type that every PostgreSQL has, found without a schema. */
export function isBuiltInType(type: PgType): boolean {
  return type.schema === null && builtInTypes.has(type.name);
}

type Scalar = Omit<PgType, 'arrayDepth'>;

const arraySuffix = /\s*\[\s*\d*\s*\]$/;
const arrayWord = /\s+array$/i;

function splitArray(text: string): { readonly element: string; readonly depth: number } {
  let element = text;
  let depth = 0;
  while (arraySuffix.test(element)) {
    element = element.replace(arraySuffix, '');
    depth += 1;
  }
  if (arrayWord.test(element) && depth <= 1) return { element: element.replace(arrayWord, ''), depth: 1 };
  return { element, depth };
}

const number = String.raw`\s*-?\d+\s*`;
const unquoted = String.raw`[\p{L}_][\p{L}\p{N}_$]*`;
const part = String.raw`(?:"(?:[^"]|"")+"|${unquoted})`;
const words = new RegExp(String.raw`^(${unquoted}(?:\s+${unquoted})*)\s*(?:\((${number}(?:,${number})*)\))?((?:\s+${unquoted})*)$`, 'u');
const named = new RegExp(String.raw`^(?:(${part})\s*\.\s*)?(${part})\s*(?:\((${number}(?:,${number})*)\))?$`, 'u');

function parseScalar(text: string): Scalar | null {
  return parseBuiltIn(text) ?? parseNamed(text);
}

function parseBuiltIn(text: string): Scalar | null {
  const found = words.exec(text);
  if (found === null) return null;
  const modifiers = toModifiers(found[2]);
  // The modifier may stand inside: timestamp(3) with time zone.
  const spelled = `${found[1] ?? ''} ${found[3] ?? ''}`.trim().replace(/\s+/g, ' ').toLowerCase();
  if (spelled === 'float') return floatType(modifiers);
  if (spelled === 'bpchar' && modifiers.length === 0) return { name: 'bpchar', schema: null, modifiers };
  const name = typeAliases.get(spelled) ?? spelled;
  return builtInTypes.has(name) || extensionTypes.has(name) ? { name, schema: null, modifiers } : null;
}

/** float(1…24) is real, the rest double precision; the number is not kept. */
function floatType(modifiers: readonly number[]): Scalar {
  const bits = modifiers[0] ?? 53;
  return { name: bits <= 24 ? 'real' : 'double precision', schema: null, modifiers: [] };
}

function parseNamed(text: string): Scalar | null {
  const found = named.exec(text);
  if (found?.[2] === undefined) return null;
  const schema = found[1] === undefined ? null : unquote(found[1]);
  const name = unquote(found[2]);
  const modifiers = toModifiers(found[3]);
  // pg_catalog."char" is another type than char.
  if (schema === 'pg_catalog' && name !== 'char')
    return parseBuiltIn(text.slice(text.indexOf('.') + 1).replaceAll('"', '')) ?? { name, schema, modifiers };
  return schema === null && name === 'char' ? { name, schema: 'pg_catalog', modifiers } : { name, schema, modifiers };
}

function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

function toModifiers(text: string | undefined): readonly number[] {
  return text === undefined ? [] : text.split(',').map(Number);
}

function formatName(type: PgType): string {
  if (type.schema !== null) return qualifiedName(type.schema, type.name);
  return builtInTypes.has(type.name) || extensionTypes.has(type.name) ? type.name : quoteIdentifier(type.name);
}
