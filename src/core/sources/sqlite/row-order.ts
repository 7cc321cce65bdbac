import { MigrationError } from '../../errors.ts';
import type { Cursor, KeyRange, Provenance } from '../../model/row-batch.ts';
import type { SourceValue } from '../../model/source-value.ts';
import { dayPattern, firstDayOf, type RowWindow } from '../../model/watermark.ts';
import { bindable, placeholder } from './key-binding.ts';
import { quoteName } from '../shared/quote-name.ts';
import { describeKey, readKey, writeKey, type KeyValue } from './sqlite-cursor.ts';
import type { TableLayout } from './table-layout.ts';

/** SQL behind FROM and what is bound to it. */
export interface Clause {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The stable order in which a table is read, and how its cursors are written. */
export interface RowOrder {
  /** Columns (or the rowid) that make a row's cursor; empty when only its position does. */
  readonly key: readonly string[];
  /** ORDER BY terms of that order; empty when only a scan has it. */
  readonly terms: readonly string[];
  /** The next `limit` rows of a range. */
  window(range: KeyRange, limit: number): Clause;
  /** All rows of a range, in any order. */
  whole(range: KeyRange): Clause;
  /** Cursor behind a row that is number `index` (from 0) of the window behind `after`. */
  cursorAt(key: readonly SourceValue[], index: number, after: Cursor | undefined): Cursor;
  provenanceOf(cursor: Cursor): string;
}

/**
 * `places`: only the rows there; where an order cannot look them up the rows are read all, and picked by whoever reads. `only`: a condition of rows that
 * may be left out, which an order that counts rows passes over.
 */
export function orderOf(layout: TableLayout, places: readonly Provenance[] | null = null, only: Clause | null = null): RowOrder {
  if (layout.withoutRowid) return keyOrder(layout, only);
  return layout.rowidName === null ? positionOrder(layout) : rowidOrder(layout, layout.rowidName, places, only);
}

/**
 * Rows that are certainly below a window do not fulfil it. What cannot be compared does: NULL and what the plan takes for it, texts beside numbers, and
 * beside times whatever does not begin like a day.
 */
export function windowClause({ column, rule, since }: RowWindow): Clause {
  const name = quoteName(column);
  const day = firstDayOf(since);
  const terms: readonly Clause[] =
    day === null
      ? [
          { sql: `${name} >= ?`, parameters: [since.order] },
          { sql: `typeof(${name}) = 'text'`, parameters: [] },
        ]
      : [
          { sql: `${name} COLLATE BINARY >= ?`, parameters: [day] },
          { sql: `${name} NOT GLOB '${dayPattern}'`, parameters: [] },
        ];
  const nulls = rule.nullTexts.map((text) => ({ sql: `${name} COLLATE BINARY = ?`, parameters: [text] }));
  const all = [...terms, { sql: `${name} IS NULL`, parameters: [] }, ...nulls];
  return { sql: `(${all.map(({ sql }) => sql).join(' OR ')})`, parameters: all.flatMap(({ parameters }) => parameters) };
}

/** Rowid order: a cursor is the rowid. */
function rowidOrder({ name }: TableLayout, rowid: string, places: readonly Provenance[] | null, only: Clause | null): RowOrder {
  const column = quoteName(rowid);
  const read = (cursor: Cursor): bigint => readInteger(cursor, name);
  // Texts, because JSON's own numbers would be cut to 53 bits; every text is the digits of an integer.
  const rowids = places === null ? null : JSON.stringify(places.map((place) => String(read(place.replace(/^rowid /, '')))));
  const bounds = ({ after, upTo }: KeyRange): Clause =>
    where([
      rowids !== null && { sql: `${column} IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`, parameters: [rowids] },
      after !== undefined && { sql: `${column} > ?`, parameters: [read(after)] },
      upTo !== undefined && { sql: `${column} <= ?`, parameters: [read(upTo)] },
      only ?? false,
    ]);
  return {
    key: [rowid],
    terms: [column],
    window: (range, limit) => append(bounds(range), `ORDER BY ${column} LIMIT ?`, limit),
    whole: bounds,
    cursorAt: (key) => String(key[0]),
    provenanceOf: (cursor) => `rowid ${cursor}`,
  };
}

/** WITHOUT ROWID: ascending by primary key under the key's own collations. A key declared with mixed directions is right but slow. */
function keyOrder({ name, primaryKey }: TableLayout, only: Clause | null): RowOrder {
  const terms = primaryKey.map((column) => `${quoteName(column.name)} COLLATE ${quoteName(column.collation)}`);
  const read = (cursor: Cursor): readonly KeyValue[] => {
    const key = readKey(cursor);
    if (key?.length !== terms.length) throw new MigrationError('invalid-cursor', { context: { cursor, table: name } });
    return key;
  };
  const side = (cursor: Cursor, operator: string): Clause => {
    const key = read(cursor);
    return { sql: `(${terms.join(', ')}) ${operator} (${key.map(placeholder).join(', ')})`, parameters: key.map(bindable) };
  };
  const bounds = ({ after, upTo }: KeyRange): Clause =>
    where([after !== undefined && side(after, '>'), upTo !== undefined && side(upTo, '<='), only ?? false]);
  return {
    key: primaryKey.map((column) => column.name),
    terms,
    window: (range, limit) => append(bounds(range), `ORDER BY ${terms.join(', ')} LIMIT ?`, limit),
    whole: bounds,
    cursorAt: (key) => writeKey(key.map((value, i) => ({ value, collation: primaryKey[i]!.collation }))),
    provenanceOf: (cursor) => `key ${describeKey(read(cursor))}`,
  };
}

/** A rowid table whose columns hide all names of the rowid: a cursor is the number of rows before it in a full scan, which runs in rowid order. */
function positionOrder({ name }: TableLayout): RowOrder {
  const read = (cursor: Cursor | undefined): bigint => (cursor === undefined ? 0n : readInteger(cursor, name));
  const scan = ({ after, upTo }: KeyRange, limit: bigint): Clause => {
    const end = upTo === undefined ? read(after) + limit : read(upTo);
    const rest = end - read(after);
    return { sql: 'NOT INDEXED LIMIT ? OFFSET ?', parameters: [rest < 0n ? 0n : rest < limit ? rest : limit, read(after)] };
  };
  return {
    key: [],
    terms: [],
    window: (range, limit) => scan(range, BigInt(limit)),
    whole: (range) => scan(range, 2n ** 62n),
    cursorAt: (_key, index, after) => String(read(after) + BigInt(index) + 1n),
    provenanceOf: (cursor) => `row ${cursor}`,
  };
}

function readInteger(cursor: Cursor, table: string): bigint {
  if (!/^-?\d{1,19}$/.test(cursor)) throw new MigrationError('invalid-cursor', { context: { cursor, table } });
  return BigInt(cursor);
}

function where(conditions: readonly (Clause | false)[]): Clause {
  const given = conditions.filter((condition) => condition !== false);
  return {
    sql: given.length === 0 ? '' : `WHERE ${given.map(({ sql }) => sql).join(' AND ')}`,
    parameters: given.flatMap(({ parameters }) => parameters),
  };
}

function append(clause: Clause, sql: string, limit: number): Clause {
  return { sql: `${clause.sql} ${sql}`, parameters: [...clause.parameters, BigInt(limit)] };
}
