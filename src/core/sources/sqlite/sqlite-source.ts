import { MigrationError } from '../../errors.ts';
import type { Catalog } from '../../model/catalog.ts';
import type { TableProfile } from '../../model/column-profile.ts';
import type { Cursor, KeyRange, Provenance, RowBatch } from '../../model/row-batch.ts';
import type { ExportValue } from '../../model/export-value.ts';
import type { RowsView } from '../../model/rows.ts';
import type {
  KeyRequest,
  MeasuredKeys,
  ReadOptions,
  Source,
  SourceAggregate,
  SourcePage,
  SourcePageRequest,
  SourceSnapshot,
} from '../source.ts';
import { aggregateColumns } from './aggregate-columns.ts';
import { compareCursors } from './compare-cursors.ts';
import type { Connection } from '../shared/sqlite/connection.ts';
import { countBrokenChecks } from './count-broken-checks.ts';
import { introspectDatabase } from './introspect-database.ts';
import { countRows } from './introspect-table.ts';
import { textEncodingOf, type TextEncoding } from './invalid-text.ts';
import { pickPlaces } from '../shared/pick-places.ts';
import { measureKeys } from './measure-keys.ts';
import { profileTable } from '../shared/profile-table.ts';
import { readBatches } from './read-batches.ts';
import { orderOf, windowClause, type RowOrder } from './row-order.ts';
import { runQuery } from './run-query.ts';
import { splitTable } from './split-table.ts';
import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';
import { readTableLayout, type TableLayout } from './table-layout.ts';
import { toFilterError, ViewReader } from './view-reader.ts';
import { openVec0Tables } from './vec0-table.ts';
import { WindowReader } from './window-reader.ts';

const defaultBatchBytes = 1 << 20;

interface OpenTable {
  readonly layout: TableLayout;
  readonly order: RowOrder;
}

/** A frozen SQLite database in one thread. */
export class SqliteSource implements Source {
  readonly capabilities: SourceSnapshot['capabilities'];
  readonly #connection: Connection;
  readonly #snapshot: SourceSnapshot;
  readonly #encoding: TextEncoding;
  readonly #tables = new Map<string, OpenTable>();

  constructor(connection: Connection, snapshot: SourceSnapshot) {
    this.capabilities = snapshot.capabilities;
    this.#connection = connection;
    this.#snapshot = snapshot;
    this.#encoding = namingErrors({ path: snapshot.location }, () => textEncodingOf(connection));
    namingErrors({ path: snapshot.location }, () => openVec0Tables(connection));
  }

  async introspect(): Promise<Catalog> {
    return namingErrors({ path: this.#snapshot.location }, () => introspectDatabase(this.#connection, this.#snapshot.location));
  }

  async profile(table: string, options: Parameters<Source['profile']>[1]): Promise<TableProfile> {
    const { layout } = this.#open(table);
    const rows = this.#naming(table, () => countRows(this.#connection, table));
    const columns = layout.columns.map(({ name }) => name);
    const profile = await profileTable(this, table, columns, rows, options);
    // Of a sample only the values are asked for.
    if (profile.sample !== null) return profile;
    return { ...profile, brokenChecks: this.#naming(table, () => countBrokenChecks(this.#connection, table)) };
  }

  readBatches(table: string, options: ReadOptions): AsyncIterable<RowBatch> {
    const { layout, order } = this.#open(table);
    const { window } = options;
    return this.#read(table, options, window === undefined ? order : orderOf(layout, null, windowClause(window)));
  }

  readPlaces(table: string, places: readonly Provenance[], options: Pick<ReadOptions, 'columns' | 'signal'>): AsyncIterable<RowBatch> {
    return pickPlaces(this.#read(table, options, orderOf(this.#open(table).layout, places)), new Set(places));
  }

  async splitTable(table: string, parts: number): Promise<readonly KeyRange[]> {
    const { layout } = this.#open(table);
    return this.#naming(table, () => splitTable(this.#connection, layout, parts));
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return compareCursors(this.#connection, a, b);
  }

  async aggregates(table: string, columns: readonly string[]): Promise<readonly SourceAggregate[]> {
    this.#open(table);
    return this.#naming(table, () => aggregateColumns(this.#connection, table, columns, this.#encoding));
  }

  async readPage(table: string, request: SourcePageRequest): Promise<SourcePage> {
    return this.#viewOf(table).readPage(request);
  }

  async measureKeys(table: string, request: KeyRequest): Promise<MeasuredKeys> {
    const { order } = this.#open(table);
    return this.#naming(table, () => {
      try {
        return measureKeys(this.#connection, table, request, order, this.#encoding);
      } catch (error) {
        throw toFilterError(error);
      }
    });
  }

  async countRows(table: string, filter: string | null): Promise<number> {
    return this.#viewOf(table).count(filter);
  }

  readView(table: string, view: RowsView, signal: AbortSignal): AsyncIterable<readonly (readonly ExportValue[])[]> {
    return this.#viewOf(table).readAll(view, signal);
  }

  async query(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    return runQuery(this.#connection, sql);
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #viewOf(table: string): ViewReader {
    const { layout, order } = this.#open(table);
    return new ViewReader({ connection: this.#connection, layout, order, encoding: this.#encoding, path: this.#snapshot.location });
  }

  #read(table: string, options: ReadOptions, order: RowOrder): AsyncIterable<RowBatch> {
    const { layout } = this.#open(table);
    const missing = options.columns.find((name) => name !== layout.rowidName && !layout.columns.some((column) => column.name === name));
    if (missing !== undefined)
      throw new MigrationError('no-such-source-column', { context: { path: this.#snapshot.location, table, column: missing } });
    const reader = new WindowReader(this.#connection, layout, order, {
      columns: options.columns,
      batchBytes: options.batchBytes ?? defaultBatchBytes,
      largestRow: this.#snapshot.measured[table]?.largestRow ?? null,
      encoding: this.#encoding,
    });
    return readBatches(reader, options, { path: this.#snapshot.location, table }, options.signal);
  }

  #open(table: string): OpenTable {
    let found = this.#tables.get(table);
    if (found === undefined) {
      const layout = this.#naming(table, () => readTableLayout(this.#connection, table, this.#snapshot.location));
      found = { layout, order: orderOf(layout) };
      this.#tables.set(table, found);
    }
    return found;
  }

  #naming<T>(table: string, work: () => T): T {
    return namingErrors({ path: this.#snapshot.location, table }, work);
  }
}
