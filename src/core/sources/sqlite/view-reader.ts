import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { MigrationError } from '../../errors.ts';
import type { ExportValue } from '../../model/export-value.ts';
import type { Cell, RowsView } from '../../model/rows.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { SourcePage, SourcePageRequest } from '../source.ts';
import { checkCondition } from './check-condition.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import type { TextEncoding } from './invalid-text.ts';
import { quoteName } from '../shared/quote-name.ts';
import type { RowOrder } from './row-order.ts';
import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';
import type { TableLayout } from './table-layout.ts';
import { cellExpressions, toCell, toExportValue, type FetchedValue } from './view-values.ts';

export interface ViewedTable {
  readonly connection: Connection;
  readonly layout: TableLayout;
  readonly order: RowOrder;
  readonly encoding: TextEncoding;
  /** For messages. */
  readonly path: string;
}

/** Columns of one statement: each takes two expressions, and a SELECT has at most 2,000. */
const columnsAtOnce = 900;

/** Bytes of values after which a batch is handed over. */
const batchBytes = 1 << 20;

/** Looks at a table as a person asks for it: some columns, filtered and sorted by SQLite. The handle can only read, and a condition is one expression. */
export class ViewReader {
  readonly #table: ViewedTable;

  constructor(table: ViewedTable) {
    this.#table = table;
  }

  readPage({ view, offset, limit, mostCharacters }: SourcePageRequest): SourcePage {
    const { connection, encoding } = this.#table;
    const columns = this.#columnsOf(view);
    this.#check(view.filter);
    const tail = this.#tail(view);
    const rows: Cell[][] = [];
    // One state of the store even though wide tables take several statements.
    const read = connection.transaction(() => {
      for (let from = 0; from === 0 || from < columns.length; from += columnsAtOnce) {
        const piece = columns.slice(from, from + columnsAtOnce);
        const sql = `SELECT ${['1', ...piece.flatMap((column) => cellExpressions(column, mostCharacters))].join(', ')} ${tail} LIMIT ? OFFSET ?`;
        const found = connection.prepare(sql).raw().all(BigInt(limit), BigInt(offset)) as FetchedValue[][];
        found.forEach((row, i) => {
          const cells = (rows[i] ??= []);
          for (let c = 0; c < piece.length; c++)
            cells.push(toCell(row[1 + c * 2]!, row[2 + c * 2] as string | null, mostCharacters, encoding));
        });
      }
    });
    this.#naming(view.filter, read);
    return { columns, rows, sql: `SELECT ${columns.map(quoteName).join(', ')} ${tail}` };
  }

  count(filter: string | null): number {
    const { connection, layout } = this.#table;
    this.#check(filter);
    return this.#naming(filter, () =>
      Number(
        connection
          .prepare(`SELECT count(*) FROM ${quoteName(layout.name)}${where(filter)}`)
          .pluck()
          .get(),
      ),
    );
  }

  async *readAll(view: RowsView, signal: AbortSignal): AsyncGenerator<readonly (readonly ExportValue[])[], void, undefined> {
    const { connection, encoding } = this.#table;
    const columns = this.#columnsOf(view);
    this.#check(view.filter);
    const expressions = columns.flatMap((column) => cellExpressions(column, null));
    const rows = this.#naming(view.filter, () =>
      (
        connection
          .prepare(`SELECT ${expressions.join(', ')} ${this.#tail(view)}`)
          .raw()
          .iterate() as IterableIterator<FetchedValue[]>
      )[Symbol.iterator](),
    );
    try {
      for (let ended = false; !ended;) {
        throwIfCancelled(signal);
        const batch: ExportValue[][] = [];
        for (let bytes = 0; bytes < batchBytes && !ended;) {
          const next = this.#naming(view.filter, () => rows.next());
          ended = next.done === true;
          if (next.done === true) break;
          const row = next.value;
          for (const value of row) bytes += value instanceof Uint8Array ? value.length : 8;
          batch.push(columns.map((_, c) => toExportValue(row[c * 2]!, row[c * 2 + 1] as string | null, encoding)));
        }
        if (batch.length > 0) yield batch;
        // An abort is heard only when the event loop gets a turn.
        await setImmediate();
      }
    } finally {
      rows.return?.();
    }
  }

  #columnsOf(view: RowsView): readonly string[] {
    const { layout, path } = this.#table;
    const names = layout.columns.map(({ name }) => name);
    const missing = [...(view.columns ?? []), ...view.sort.map(({ column }) => column)].find((name) => !names.includes(name));
    if (missing !== undefined)
      throw new MigrationError('no-such-source-column', { context: { path, table: layout.name, column: missing } });
    return view.columns ?? names;
  }

  /** From FROM to ORDER BY. The condition stands on lines of its own, so that a comment in it ends before the bracket. */
  #tail({ filter, sort }: RowsView): string {
    const { layout, order } = this.#table;
    const terms = [...sort.map(({ column, descending }) => `${quoteName(column)}${descending ? ' DESC' : ''}`), ...order.terms];
    // Without terms only a scan has a stable order.
    const scan = terms.length === 0 ? ' NOT INDEXED' : '';
    return `FROM ${quoteName(layout.name)}${scan}${where(filter)}${terms.length === 0 ? '' : ` ORDER BY ${terms.join(', ')}`}`;
  }

  #check(filter: string | null): void {
    const { connection, layout } = this.#table;
    if (filter !== null) this.#naming(filter, () => checkCondition(connection, layout.name, filter));
  }

  #naming<T>(filter: string | null, work: () => T): T {
    const { layout, path } = this.#table;
    return namingErrors({ path, table: layout.name }, () => {
      try {
        return work();
      } catch (error) {
        throw filter === null ? error : toFilterError(error);
      }
    });
  }
}

function where(filter: string | null): string {
  return filter === null ? '' : ` WHERE (\n${filter}\n)`;
}

/** What the driver throws about the statement itself, and what SQLite calls a plain error, is the condition's doing. */
export function toFilterError(error: unknown): unknown {
  const own =
    error instanceof Database.SqliteError
      ? error.code.startsWith('SQLITE_ERROR')
      : error instanceof RangeError || error instanceof TypeError;
  if (!own) return error;
  return new MigrationError('filter-refused', { context: { detail: `SQLite says: ${(error as Error).message}` }, cause: error });
}
