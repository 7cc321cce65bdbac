import { MigrationError } from '../../errors.ts';
import type { Catalog } from '../../model/catalog.ts';
import type { TableProfile } from '../../model/column-profile.ts';
import type { ExportValue } from '../../model/export-value.ts';
import type { Cursor, KeyRange, Provenance, RowBatch } from '../../model/row-batch.ts';
import type { RowsView } from '../../model/rows.ts';
import { profileTable } from '../shared/profile-table.ts';
import type {
  KeyRequest,
  MeasuredKeys,
  ReadOptions,
  Source,
  SourceAggregate,
  SourceCapabilities,
  SourcePage,
  SourcePageRequest,
} from '../source.ts';
import { findColumn, findTable } from './find-names.ts';
import type { StoredTable } from './graph/stored-table.ts';
import type { JacSnapshot } from './jac-snapshot.ts';
import { placesToRowids, readRows, rowColumns } from './read-rows.ts';

/**
 * A frozen Jac store in one thread: the database that it was translated into, read by `rows`, with the names of the graph, the values that Python had, and
 * the ids of records as their places.
 */
export class JacSource implements Source {
  readonly capabilities: SourceCapabilities;
  readonly #snapshot: JacSnapshot;
  readonly #rows: Source;

  constructor(snapshot: JacSnapshot, rows: Source) {
    this.capabilities = snapshot.capabilities;
    this.#snapshot = snapshot;
    this.#rows = rows;
  }

  async introspect(): Promise<Catalog> {
    return { tables: this.#snapshot.tables.map(({ catalog }) => catalog), views: [], triggers: [], skipped: [] };
  }

  async profile(name: string, options: Parameters<Source['profile']>[1]): Promise<TableProfile> {
    const { catalog } = this.#tableNamed(name);
    const columns = catalog.columns.map((column) => column.name);
    return profileTable(this, name, columns, catalog.rows ?? 0, options);
  }

  readBatches(name: string, options: ReadOptions): AsyncIterable<RowBatch> {
    const table = this.#tableNamed(name);
    const columns = this.#columnsNamed(table, options.columns);
    const batches = this.#rows.readBatches(table.stored, { ...options, columns: rowColumns(table, columns) });
    return readRows(batches, table, columns);
  }

  async *readPlaces(
    name: string,
    places: readonly Provenance[],
    options: Pick<ReadOptions, 'columns' | 'signal'>,
  ): AsyncGenerator<RowBatch, void, undefined> {
    const table = this.#tableNamed(name);
    const columns = this.#columnsNamed(table, options.columns);
    const rowids = await placesToRowids(this.#rows, table, places);
    if (rowids.length === 0) return;
    yield* readRows(this.#rows.readPlaces(table.stored, rowids, { ...options, columns: rowColumns(table, columns) }), table, columns);
  }

  splitTable(name: string, parts: number): Promise<readonly KeyRange[]> {
    return this.#rows.splitTable(this.#tableNamed(name).stored, parts);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return this.#rows.compareCursors(a, b);
  }

  async aggregates(name: string, columns: readonly string[]): Promise<readonly SourceAggregate[]> {
    const table = this.#tableNamed(name);
    const found = await this.#rows.aggregates(table.stored, this.#columnsNamed(table, columns));
    return found.map((aggregate, i) => ({ ...aggregate, column: columns[i] ?? aggregate.column }));
  }

  readPage(name: string, request: SourcePageRequest): Promise<SourcePage> {
    const table = this.#tableNamed(name);
    return this.#rows.readPage(table.stored, { ...request, view: this.#viewOf(table, request.view) });
  }

  measureKeys(name: string, request: KeyRequest): Promise<MeasuredKeys> {
    const table = this.#tableNamed(name);
    const parts = request.parts.map((part) => ('column' in part ? { column: this.#columnsNamed(table, [part.column])[0]! } : part));
    return this.#rows.measureKeys(table.stored, { ...request, parts });
  }

  countRows(name: string, filter: string | null): Promise<number> {
    return this.#rows.countRows(this.#tableNamed(name).stored, filter);
  }

  readView(name: string, view: RowsView, signal: AbortSignal): AsyncIterable<readonly (readonly ExportValue[])[]> {
    const table = this.#tableNamed(name);
    return this.#rows.readView(table.stored, this.#viewOf(table, view), signal);
  }

  query(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    return this.#rows.query(sql);
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  #viewOf(table: StoredTable, view: RowsView): RowsView {
    const columns = view.columns ?? table.catalog.columns.map(({ name }) => name);
    return { ...view, columns: this.#columnsNamed(table, columns) };
  }

  #tableNamed(name: string): StoredTable {
    const found = findTable(this.#snapshot.tables, name);
    if (found === null) throw new MigrationError('no-such-source-table', { context: { path: this.#snapshot.location, table: name } });
    return found;
  }

  #columnsNamed(table: StoredTable, columns: readonly string[]): readonly string[] {
    return columns.map((name) => findColumn(table, name, this.#snapshot.location));
  }
}
