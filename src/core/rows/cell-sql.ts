import type { Cell } from '../model/rows.ts';
import type { BrowsedColumn } from '../target/browsed-table.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** Longer values are measured in bytes: counting their characters would mean to read them in full. */
const countedBytes = 1 << 20;

export interface CellLimits {
  readonly mostCharacters: number;
  /** Components of a vector; null = all. */
  readonly mostComponents: number | null;
}

/**
 * A query that gives each value of `page` as one text c0, c1, …: `=` and the whole value, or the number of its characters, `|` and its beginning; vectors
 * as dimensions, `|` and some of their components. A long value is cut by the server.
 */
export function cellsSql(page: string, columns: readonly BrowsedColumn[], limits: CellLimits): string {
  const texts = columns.map((column, i) => `${textSql(column, limits)} AS v${i}`);
  const cells = columns.map(
    (column, i) => `${column.vector === null ? cutSql(`v${i}`, column, limits) : vectorSql(`v${i}`, limits)} AS c${i}`,
  );
  // OFFSET 0: the text of a value is made once, however often it is looked at.
  return `SELECT ${cells.join(', ') || '1 AS one'} FROM (SELECT ${texts.join(', ') || '1 AS one'} FROM (${page}) AS page OFFSET 0) AS texts`;
}

/** A cell from the text that `cellsSql` made. */
export function readCell(text: string | null, column: BrowsedColumn): Cell {
  if (text === null) return null;
  if (column.vector === null && text.startsWith('=')) return text.slice(1);
  const bar = text.indexOf('|');
  const count = Number(text.slice(0, bar));
  if (column.vector === null) return { text: text.slice(bar + 1), cut: count };
  return { dimensions: count, values: Float32Array.from(text.slice(bar + 2, -1).split(','), Number) };
}

function textSql(column: BrowsedColumn, { mostCharacters }: CellLimits): string {
  const name = quoteIdentifier(column.name);
  if (column.vector !== null) return `${name}::real[]`;
  if (!column.bytes) return `${name}::text`;
  const whole = `'=\\x' || encode(${name}, 'hex')`;
  const cut = `octet_length(${name})::bigint * 2 + 2 || '|\\x' || encode(substring(${name} FROM 1 FOR ${Math.max(0, Math.floor((mostCharacters - 2) / 2))}), 'hex')`;
  return `CASE WHEN octet_length(${name})::bigint * 2 + 2 <= ${mostCharacters} THEN ${whole} ELSE ${cut} END`;
}

/** octet_length and left do not fetch a long value that is stored apart; length does. */
function cutSql(value: string, column: BrowsedColumn, { mostCharacters }: CellLimits): string {
  if (column.bytes) return value;
  const length = `CASE WHEN octet_length(${value}) <= ${countedBytes} THEN length(${value}) ELSE octet_length(${value}) END`;
  const fits = `octet_length(${value}) <= ${mostCharacters} OR (octet_length(${value}) <= ${mostCharacters * 4} AND length(${value}) <= ${mostCharacters})`;
  return `CASE WHEN ${fits} THEN '=' || ${value} ELSE ${length} || '|' || left(${value}, ${mostCharacters}) END`;
}

function vectorSql(value: string, { mostComponents }: CellLimits): string {
  const dimensions = `array_length(${value}, 1)`;
  if (mostComponents === null) return `${dimensions} || '|' || ${value}::text`;
  const step = `greatest(1, ceil(${dimensions} / ${mostComponents}.0)::integer)`;
  return `${dimensions} || '|' || ARRAY(SELECT ${value}[at] FROM generate_series(1, ${dimensions}, ${step}) AS at)::text`;
}
