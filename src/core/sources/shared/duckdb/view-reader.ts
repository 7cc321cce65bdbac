import type { DuckDBConnection } from '@duckdb/node-api';
import { MigrationError } from '../../../errors.ts';
import type { ExportValue } from '../../../model/export-value.ts';
import type { RowsView } from '../../../model/rows.ts';
import type { SourceValue } from '../../../model/source-value.ts';
import type { SourcePage, SourcePageRequest } from '../../source.ts';
import { realText, sourceCell } from '../source-cell.ts';
import { namingDuckDbErrors } from './duckdb-errors.ts';
import type { DuckDb } from './open-duckdb.ts';
import { quoteName } from '../quote-name.ts';
import { readAllRows, readChunks } from './read-chunks.ts';
import type { Relation } from './relation.ts';
import { checkCondition, toFilterError } from './run-select.ts';

/** Bytes of values after which a batch is handed over. */
const batchBytes = 1 << 20;

/** Looks at a relation as a person asks for it: some columns, filtered and sorted by DuckDB. The database can only be read, and a condition is one expression. */
export class ViewReader {
  readonly #database: DuckDb;
  readonly #relation: Relation;
  readonly #path: string;

  constructor(database: DuckDb, relation: Relation, path: string) {
    this.#database = database;
    this.#relation = relation;
    this.#path = path;
  }

  async readPage({ view, offset, limit, mostCharacters }: SourcePageRequest): Promise<SourcePage> {
    const { columns, sql } = this.#select(view);
    const rows = await this.#with(view.filter, (connection) => readAllRows(connection, `${sql} LIMIT ${limit} OFFSET ${offset}`));
    return { columns, rows: rows.map((row) => row.map((value) => sourceCell(value, mostCharacters))), sql };
  }

  async count(filter: string | null): Promise<number> {
    const rows = await this.#with(filter, (connection) =>
      readAllRows(connection, `SELECT count(*) FROM ${this.#relation.from}${whereSql(filter)}`),
    );
    return Number(rows[0]?.[0] ?? 0);
  }

  async *readAll(view: RowsView, signal: AbortSignal): AsyncGenerator<readonly (readonly ExportValue[])[], void, undefined> {
    const { sql } = this.#select(view);
    const connection = await this.#database.connect();
    const batches = readChunks(connection, sql, { batchBytes, keys: 0, signal });
    try {
      await this.#check(connection, view.filter);
      for (;;) {
        const next = await this.#naming(view.filter, () => batches.next());
        if (next.done === true) return;
        const { size, vectors } = next.value;
        yield Array.from({ length: size }, (_, row) => vectors.map((vector) => toExportValue(vector.at(row))));
      }
    } finally {
      await batches.return();
      connection.closeSync();
    }
  }

  #select(view: RowsView): { readonly columns: readonly string[]; readonly sql: string } {
    const { name, columns, from, rowSql } = this.#relation;
    const names = columns.map((column) => column.name);
    const missing = [...(view.columns ?? []), ...view.sort.map(({ column }) => column)].find((column) => !names.includes(column));
    if (missing !== undefined)
      throw new MigrationError('no-such-source-column', { context: { path: this.#path, table: name, column: missing } });
    const wanted = view.columns ?? names;
    const terms = [...view.sort.map(({ column, descending }) => `${quoteName(column)}${descending ? ' DESC' : ''}`), rowSql];
    const list = wanted.map((column) => columns.find((one) => one.name === column)?.sql ?? quoteName(column)).join(', ');
    return { columns: wanted, sql: `SELECT ${list === '' ? '1' : list} FROM ${from}${whereSql(view.filter)} ORDER BY ${terms.join(', ')}` };
  }

  #with<T>(filter: string | null, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.#database.withConnection(async (connection) => {
      await this.#check(connection, filter);
      return this.#naming(filter, () => work(connection));
    });
  }

  async #check(connection: DuckDBConnection, filter: string | null): Promise<void> {
    if (filter !== null) await checkCondition(connection, this.#relation.from, filter);
  }

  /** What goes wrong under a condition (a cast that fails) is the condition's doing. */
  #naming<T>(filter: string | null, work: () => Promise<T>): Promise<T> {
    return namingDuckDbErrors({ path: this.#path, table: this.#relation.name }, async () => {
      try {
        return await work();
      } catch (error) {
        throw filter === null ? error : toFilterError(error);
      }
    });
  }
}

/** On lines of its own, so that a comment in it ends before the bracket. */
function whereSql(filter: string | null): string {
  return filter === null ? '' : ` WHERE (\n${filter}\n)`;
}

function toExportValue(value: SourceValue): ExportValue {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  if (typeof value === 'boolean') return { literal: String(value) };
  const text = typeof value === 'number' ? realText(value) : String(value);
  const exact = typeof value === 'number' ? Number.isFinite(value) : Number.isSafeInteger(Number(value));
  return exact ? { literal: text } : text;
}
