import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import type { ExpressionColumn, StorageClass } from './expression-column.ts';

/** What kind of value an expression gives. Two families never compare: SQLite orders storage classes, PostgreSQL has types. */
export type Family = 'integer' | 'real' | 'decimal' | 'text' | 'boolean' | 'bytes' | 'json' | 'json-leaf' | 'null' | 'other';

/** Collation of a text in SQLite. */
export type Collation = 'BINARY' | 'NOCASE' | 'RTRIM';

/** A part of an expression in PostgreSQL's words. */
export interface Value {
  readonly sql: string;
  readonly family: Family;
  /** Text of a literal; null for anything else. */
  readonly literal: string | null;
  /** null = none of its own. */
  readonly collation: Collation | null;
  /** Written with COLLATE, which goes before that of a column. */
  readonly explicit: boolean;
  /** smallint or integer, whose arithmetic would overflow where SQLite's does not. */
  readonly narrow: boolean;
  readonly storage: StorageClass | null;
  readonly gainsNulls: boolean;
}

const families: Readonly<Record<string, Family>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  'double precision': 'real',
  text: 'text',
  varchar: 'text',
  boolean: 'boolean',
  bytea: 'bytes',
  jsonb: 'json',
};

export const plainValue: Omit<Value, 'sql' | 'family'> = {
  literal: null,
  collation: null,
  explicit: false,
  narrow: false,
  storage: null,
  gainsNulls: false,
};

export function columnValue(column: ExpressionColumn): Value {
  const name = column.collation?.toUpperCase() ?? 'BINARY';
  const known = name === 'BINARY' || name === 'NOCASE' || name === 'RTRIM';
  return {
    ...plainValue,
    sql: quoteIdentifier(column.to),
    family: known ? (families[column.type] ?? 'other') : 'other',
    collation: known ? name : null,
    narrow: column.type === 'smallint' || column.type === 'integer',
    storage: column.storage ?? null,
    gainsNulls: column.gainsNulls === true,
  };
}

export function textValue(text: string): Value {
  return { ...plainValue, sql: quoteLiteral(text), family: 'text', literal: text };
}

/** null when SQLite would read the number as something else than it says: an integer beyond 64 bits is a real there. */
export function numberValue(text: string): Value | null {
  const digits = text.replaceAll('_', '');
  if (/^0x[0-9a-f]+$/i.test(digits)) return integerValue(String(BigInt.asIntN(64, BigInt(digits))));
  if (/^\d+$/.test(digits)) return BigInt(digits) < 2n ** 63n ? integerValue(digits) : null;
  return { ...plainValue, sql: digits, family: 'real', literal: digits };
}

export function integerValue(digits: string): Value {
  return { ...plainValue, sql: digits, family: 'integer', literal: digits };
}

export function isNumber({ family }: Value): boolean {
  return family === 'integer' || family === 'real' || family === 'decimal';
}

/** The value in the type in which SQLite calculates: 64 bits, or a double. PostgreSQL takes 1.5 for an exact decimal. */
export function operand(value: Value): string {
  if (value.family === 'real' && value.literal !== null) return `${value.sql}::double precision`;
  if (!value.narrow) return value.sql;
  return /^"(?:[^"]|"")*"$/.test(value.sql) ? `${value.sql}::bigint` : `(${value.sql})::bigint`;
}

/** The text as SQLite compares it under a collation, and whether it then orders by bytes. */
export function collated(value: Value, collation: Collation, ordered: boolean): string {
  if (collation === 'NOCASE') return value.literal === null ? foldedText(value.sql) : quoteLiteral(foldAscii(value.literal));
  const text =
    collation === 'RTRIM'
      ? value.literal === null
        ? `rtrim(${value.sql}, ' ')`
        : quoteLiteral(value.literal.replace(/ +$/, ''))
      : value.sql;
  return ordered && value.literal === null ? `(${text} COLLATE "C")` : text;
}

/** Only ASCII letters change their case, as in SQLite. */
export function foldedText(sql: string): string {
  return `lower(${sql} COLLATE "C")`;
}

export function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
