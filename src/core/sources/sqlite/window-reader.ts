import type { Statement } from 'better-sqlite3';
import type { Cursor, KeyRange, RowBatch } from '../../model/row-batch.ts';
import type { SourceValue } from '../../model/source-value.ts';
import { sizeOf } from '../shared/value-size.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { BlobPacker } from './blob-packer.ts';
import { markInvalidText, type TextEncoding } from './invalid-text.ts';
import { quoteName } from '../shared/quote-name.ts';
import type { Clause, RowOrder } from './row-order.ts';
import type { TableLayout } from './table-layout.ts';

export interface WindowOptions {
  readonly columns: readonly string[];
  readonly batchBytes: number;
  /** Bytes of the table's largest row; null when unknown. */
  readonly largestRow: number | null;
  readonly encoding: TextEncoding;
}

type Row = SourceValue[];

const mostRows = 1_000;
const mostCells = 64_000;
/** Below this many rows a call fetching them all is no faster than stepping. */
const fewestRows = 32;

/**
 * Reads a table window by window. No statement stays open between two windows, so that nothing holds the store locked while a consumer works.
 * Where rows are known to be small a window is fetched in one call (a third of the time of stepping), else row by row until it is full.
 */
export class WindowReader {
  readonly #connection: Connection;
  readonly #from: string;
  readonly #order: RowOrder;
  readonly #columns: readonly string[];
  /** Positions of the order's key in a fetched row. */
  readonly #keyAt: readonly number[];
  /** Key columns behind the ones that were asked for. */
  readonly #extra: number;
  readonly #options: WindowOptions;
  readonly #limit: number;
  readonly #small: boolean;
  readonly #packer: BlobPacker;
  readonly #statements = new Map<string, Statement>();
  readonly #inTransaction: (range: KeyRange) => RowBatch;

  constructor(connection: Connection, layout: TableLayout, order: RowOrder, options: WindowOptions) {
    this.#connection = connection;
    this.#from = `FROM ${quoteName(layout.name)}`;
    this.#order = order;
    this.#options = options;
    const unread = order.key.filter((name) => !options.columns.includes(name));
    this.#columns = [...options.columns, ...unread];
    this.#extra = unread.length;
    this.#keyAt = order.key.map((name) => this.#columns.indexOf(name));
    const most = Math.max(1, Math.min(mostRows, Math.floor(mostCells / Math.max(1, this.#columns.length))));
    const fitting = options.largestRow === null ? 0 : Math.floor(options.batchBytes / Math.max(1, options.largestRow));
    this.#small = fitting >= fewestRows;
    this.#limit = this.#small ? Math.min(most, fitting) : most;
    this.#packer = new BlobPacker(this.#small && options.encoding === 'UTF-8' ? layout : null, options.columns);
    this.#inTransaction = connection.transaction((range: KeyRange) => this.#read(range));
  }

  /** The next rows of `range`; empty when there are none. One state of the store even though it may take several queries. */
  read(range: KeyRange): RowBatch {
    return this.#inTransaction(range);
  }

  #read(range: KeyRange): RowBatch {
    const clause = this.#order.window(range, this.#limit);
    const rows = this.#small ? this.#readAll(clause) : this.#readUntilFull(clause);
    const bytes = this.#finish(rows, clause);
    const keys = this.#extra === 0 ? null : rows.map((row) => this.#keyAt.map((at) => row[at]!));
    if (keys !== null) for (const row of rows) row.length -= this.#extra;
    const keyOf = (row: number): readonly SourceValue[] => (keys === null ? this.#keyAt.map((at) => rows[row]![at]!) : keys[row]!);
    const cursorAt = (row: number): Cursor => this.#order.cursorAt(keyOf(row), row, range.after);
    return { rows, cursorAt, provenanceAt: (row) => this.#order.provenanceOf(cursorAt(row)), bytes };
  }

  #readAll(clause: Clause): Row[] {
    const blobs = this.#packer.read(
      (expressions) =>
        this.#prepare(`SELECT ${expressions.outer} FROM (SELECT ${expressions.inner} ${this.#from} ${clause.sql})`).get(
          ...clause.parameters,
        ) as Row | undefined,
    );
    const rows = this.#prepare(
      this.#select(
        this.#columns.map((name) => this.#packer.expressionFor(name)),
        clause,
      ),
    ).all(...clause.parameters) as Row[];
    if (blobs !== null) this.#packer.unpack(rows, blobs);
    return rows;
  }

  #readUntilFull(clause: Clause): Row[] {
    const rows: Row[] = [];
    let bytes = 0;
    for (const row of this.#prepare(this.#select(this.#columns.map(quoteName), clause)).iterate(...clause.parameters) as Iterable<Row>) {
      rows.push(row);
      for (const value of row) bytes += sizeOf(value);
      if (bytes >= this.#options.batchBytes) break;
    }
    return rows;
  }

  /** Counts bytes, and puts the bytes of invalid text in place of what the driver made of it. */
  #finish(rows: readonly Row[], clause: Clause): number {
    let bytes = 0;
    const suspects = new Set<number>();
    for (const row of rows) {
      for (let c = 0; c < row.length; c++) {
        const value = row[c]!;
        bytes += sizeOf(value);
        if (typeof value === 'string' && value.includes('\ufffd')) suspects.add(c);
      }
    }
    for (const column of suspects) {
      const name = quoteName(this.#columns[column]!);
      const raw = this.#prepare(this.#select([`CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) END`], clause)).iterate(
        ...clause.parameters,
      ) as Iterable<Row>;
      markInvalidText(rows, column, raw, this.#options.encoding);
    }
    return bytes;
  }

  #select(expressions: readonly string[], clause: Clause): string {
    // A table may be read for nothing but its rows.
    return `SELECT ${expressions.length === 0 ? '1' : expressions.join(', ')} ${this.#from} ${clause.sql}`;
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql).raw();
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
