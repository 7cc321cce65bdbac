import type { ExportFormat } from '../model/rows.ts';
import type { ExportValue } from '../model/export-value.ts';
import { qualifiedName, quoteList, quoteLiteral } from '../sql/quote.ts';

/** What is exported: names for headings and for INSERT. */
export interface ExportedTable {
  readonly schema: string | null;
  readonly table: string;
  readonly columns: readonly string[];
  /** A column numbers its rows itself and takes values only when told so. */
  readonly overriding: boolean;
}

/** Turns rows into the text of one format. `first`: no row was written before. */
export interface ExportWriter {
  readonly head: string;
  rows(rows: readonly (readonly ExportValue[])[], first: boolean): string;
  /** `empty`: no row was written. */
  foot(empty: boolean): string;
}

/**
 * - csv: RFC 4180 with a heading; NULL is nothing at all, an empty text is `""`.
 * - json: an array of objects. Integers up to 2^53, reals, booleans, JSON and vectors stand as they are; larger integers, numeric, dates and all else are
 *   strings, so that no reader rounds them; bytes of SQLite are `x'…'`, of PostgreSQL `\x…`.
 * - sql: INSERTs in PostgreSQL's dialect.
 * - markdown: a table.
 */
export function createExportWriter(format: ExportFormat, table: ExportedTable): ExportWriter {
  switch (format) {
    case 'csv':
      return csvWriter(table);
    case 'json':
      return jsonWriter(table);
    case 'sql':
      return sqlWriter(table);
    case 'markdown':
      return markdownWriter(table);
  }
}

function csvWriter({ columns }: ExportedTable): ExportWriter {
  const quote = (text: string): string => (text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.split('"').join('""')}"` : text);
  const field = (value: ExportValue): string => (value === null ? '' : quote(textOf(value)));
  // A row that is one NULL is an empty line, as COPY writes it.
  const line = (row: readonly ExportValue[]): string => `${row.map(field).join(',')}\r\n`;
  return { head: `${columns.map(quote).join(',')}\r\n`, rows: (rows) => rows.map(line).join(''), foot: () => '' };
}

function jsonWriter({ columns }: ExportedTable): ExportWriter {
  const names = columns.map((name) => JSON.stringify(name));
  const value = (cell: ExportValue): string =>
    cell !== null && typeof cell === 'object' && 'literal' in cell ? cell.literal : JSON.stringify(cell === null ? null : textOf(cell));
  const object = (row: readonly ExportValue[]): string => `{${names.map((name, i) => `${name}:${value(row[i] ?? null)}`).join(',')}}`;
  return {
    head: '[',
    rows: (rows, first) => rows.map((row, i) => `${first && i === 0 ? '\n' : ',\n'}${object(row)}`).join(''),
    foot: (empty) => (empty ? ']\n' : '\n]\n'),
  };
}

/** Rows of one INSERT. */
const rowsOfInsert = 200;

function sqlWriter({ schema, table, columns, overriding }: ExportedTable): ExportWriter {
  const insert = `INSERT INTO ${qualifiedName(schema, table)} (${quoteList(columns)})${overriding ? ' OVERRIDING SYSTEM VALUE' : ''} VALUES\n`;
  const tuple = (row: readonly ExportValue[]): string => `  (${row.map(sqlText).join(', ')})`;
  const statement = (rows: readonly (readonly ExportValue[])[]): string => `${insert}${rows.map(tuple).join(',\n')};\n`;
  return {
    head: '',
    rows: (rows) => {
      let text = '';
      for (let from = 0; from < rows.length; from += rowsOfInsert) text += statement(rows.slice(from, from + rowsOfInsert));
      return text;
    },
    foot: () => '',
  };
}

function sqlText(value: ExportValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoteLiteral(value);
  if ('hex' in value) return quoteLiteral(`\\x${value.hex}`);
  return /^(-?\d+(\.\d+)?|true|false)$/.test(value.literal) ? value.literal : quoteLiteral(value.literal);
}

function markdownWriter({ columns }: ExportedTable): ExportWriter {
  const escape = (text: string): string => text.replace(/[\\|<*_`]/g, (character) => `\\${character}`).replace(/\r\n|\r|\n/g, '<br>');
  const cell = (value: ExportValue): string => (value === null ? '*NULL*' : escape(textOf(value)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return {
    head: line(columns.map(escape)) + line(columns.map(() => '---')),
    rows: (rows) => rows.map((row) => line(row.map(cell))).join(''),
    foot: () => '',
  };
}

function textOf(value: Exclude<ExportValue, null>): string {
  if (typeof value === 'string') return value;
  return 'hex' in value ? `x'${value.hex}'` : value.literal;
}
