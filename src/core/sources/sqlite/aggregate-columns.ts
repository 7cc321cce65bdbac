import type { SourceAggregate } from '../source.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import type { TextEncoding } from './invalid-text.ts';
import { quoteName } from '../shared/quote-name.ts';

type Value = null | bigint | number | string | Uint8Array;

/** What the first walk through the table tells of a column; it decides what the second can compute exactly. */
interface Extremes {
  readonly column: string;
  readonly filled: bigint;
  readonly min: Value;
  readonly max: Value;
}

/** More rows make counting distinct values too slow. */
const mostRowsForDistinct = 200_000n;

/**
 * Aggregates in SQLite's own SQL, in two walks through the table (source.ts says what each means). In SQLite numbers order before texts and
 * texts before blobs, so the smallest and the largest value tell which kinds a column holds.
 */
export function aggregateColumns(
  connection: Connection,
  table: string,
  columns: readonly string[],
  encoding: TextEncoding,
): readonly SourceAggregate[] {
  if (columns.length === 0) return [];
  const from = `FROM ${quoteName(table)}`;
  const { rows, extremes } = findExtremes(connection, from, columns);
  const expressions = extremes.flatMap((column) => [distinctOf(column, rows), sumOf(column, rows), lengthOf(column, encoding)]);
  const values = select(
    connection,
    expressions.map((expression) => expression ?? 'NULL'),
    from,
  );
  return extremes.map((column, i) => {
    const numeric = isNumber(column.min) && isNumber(column.max);
    return {
      column: column.column,
      nulls: String(rows - column.filled),
      distinct: toText(values[3 * i]!),
      min: numeric ? toText(column.min) : null,
      max: numeric ? toText(column.max) : null,
      sum: toSum(values[3 * i + 1]!),
      length: toText(values[3 * i + 2]!),
    };
  });
}

function findExtremes(
  connection: Connection,
  from: string,
  columns: readonly string[],
): { readonly rows: bigint; readonly extremes: readonly Extremes[] } {
  const expressions = columns.flatMap((column) => {
    // An explicit collation, because the column's own may be one that only its application knows.
    const name = `${quoteName(column)} COLLATE BINARY`;
    return [`count(${quoteName(column)})`, withoutContent(`min(${name})`), withoutContent(`max(${name})`)];
  });
  const [rows, ...values] = select(connection, ['count(*)', ...expressions], from);
  return {
    rows: rows as bigint,
    extremes: columns.map((column, i) => ({ column, filled: values[3 * i] as bigint, min: values[3 * i + 1]!, max: values[3 * i + 2]! })),
  };
}

/** Of a text or blob only its kind is wanted. */
function withoutContent(value: string): string {
  return `CASE typeof(${value}) WHEN 'text' THEN '' WHEN 'blob' THEN x'' ELSE ${value} END`;
}

function distinctOf({ column }: Extremes, rows: bigint): string | null {
  return rows > mostRowsForDistinct ? null : `count(DISTINCT ${quoteName(column)} COLLATE BINARY)`;
}

/** Halves are summed where a plain sum could overflow. A column with a real in it gets a real sum, which is not exact and so left out. */
function sumOf({ column, min, max }: Extremes, rows: bigint): string | null {
  if (typeof min !== 'bigint' || typeof max !== 'bigint') return null;
  const name = quoteName(column);
  const largest = max > -min ? max : -min;
  if (largest * rows < 2n ** 63n) return `sum(${name})`;
  return `CASE WHEN sum(typeof(${name}) = 'real') = 0 THEN sum(CAST(${name} AS INTEGER) >> 32) || ' ' || sum(CAST(${name} AS INTEGER) & 4294967295) END`;
}

function lengthOf({ column, min, max }: Extremes, encoding: TextEncoding): string | null {
  if (isNumber(max) || max === null) return null;
  const name = quoteName(column);
  const some = isNumber(min) ? `CASE WHEN typeof(${name}) IN ('text', 'blob') THEN octet_length(${name}) END` : `octet_length(${name})`;
  if (encoding === 'UTF-8') return `sum(${some})`;
  // In a UTF-16 database only blobs have the length that they have in UTF-8.
  return typeof min === 'object' ? `sum(octet_length(${name}))` : null;
}

function toSum(value: Value): string | null {
  if (typeof value !== 'string') return typeof value === 'bigint' ? String(value) : null;
  const [high, low] = value.split(' ');
  return String(BigInt(high!) * 2n ** 32n + BigInt(low!));
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function toText(value: Value): string | null {
  return value === null ? null : String(value);
}

/** One row; SQLite takes at most 2,000 result columns, so wide tables are asked in pieces. */
function select(connection: Connection, expressions: readonly string[], from: string): readonly Value[] {
  const values: Value[] = [];
  for (let start = 0; start < expressions.length; start += 1_500) {
    const piece = expressions.slice(start, start + 1_500);
    values.push(
      ...(connection
        .prepare(`SELECT ${piece.join(', ')} ${from}`)
        .raw()
        .get() as Value[]),
    );
  }
  return values;
}
