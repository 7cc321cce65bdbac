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
    const table = this.#tableNamed(name);
    const columns = table?.catalog.columns.map((column) => column.name) ?? [];
    return profileTable(this, name, columns, table?.catalog.rows ?? 0, options);
  }

  async *readBatches(name: string, options: ReadOptions): AsyncGenerator<RowBatch, void, undefined> {
    const table = this.#tableNamed(name);
    if (table === null) return;
    const columns = this.#columnsNamed(table, options.columns);
    yield* readRows(this.#rows.readBatches(table.stored, { ...options, columns: rowColumns(table, columns) }), table, columns);
  }

  async *readPlaces(
    name: string,
    places: readonly Provenance[],
    options: Pick<ReadOptions, 'columns' | 'signal'>,
  ): AsyncGenerator<RowBatch, void, undefined> {
    const table = this.#tableNamed(name);
    const rowids = table === null ? [] : await placesToRowids(this.#rows, table, places);
    if (table === null || rowids.length === 0) return;
    const columns = this.#columnsNamed(table, options.columns);
    yield* readRows(this.#rows.readPlaces(table.stored, rowids, { ...options, columns: rowColumns(table, columns) }), table, columns);
  }

  async splitTable(name: string, parts: number): Promise<readonly KeyRange[]> {
    const table = this.#tableNamed(name);
    return table === null ? [{}] : this.#rows.splitTable(table.stored, parts);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return this.#rows.compareCursors(a, b);
  }

  async aggregates(name: string, columns: readonly string[]): Promise<readonly SourceAggregate[]> {
    const table = this.#tableNamed(name);
    if (table === null) return [];
    const found = await this.#rows.aggregates(table.stored, this.#columnsNamed(table, columns));
    return found.map((aggregate, i) => ({ ...aggregate, column: columns[i] ?? aggregate.column }));
  }

  async readPage(name: string, request: SourcePageRequest): Promise<SourcePage> {
    const table = this.#tableNamed(name);
    if (table === null) return { columns: request.view.columns ?? [], rows: [], sql: '' };
    return this.#rows.readPage(table.stored, { ...request, view: this.#viewOf(table, request.view) });
  }

  async measureKeys(name: string, request: KeyRequest): Promise<MeasuredKeys> {
    const table = this.#tableNamed(name);
    if (table === null) return { rows: 0, bytes: 0, longest: [] };
    const parts = request.parts.map((part) => ('column' in part ? { column: this.#columnNamed(table, part.column) } : part));
    return this.#rows.measureKeys(table.stored, { ...request, parts });
  }

  async countRows(name: string, filter: string | null): Promise<number> {
    const table = this.#tableNamed(name);
    return table === null ? 0 : this.#rows.countRows(table.stored, filter);
  }

  async *readView(name: string, view: RowsView, signal: AbortSignal): AsyncGenerator<readonly (readonly ExportValue[])[], void, undefined> {
    const table = this.#tableNamed(name);
    if (table !== null) yield* this.#rows.readView(table.stored, this.#viewOf(table, view), signal);
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

  /** null: a class without a record. Throws `no-such-source-table`. */
  #tableNamed(name: string): StoredTable | null {
    const found = findTable(this.#snapshot.tables, name);
    if (found === null) throw new MigrationError('no-such-source-table', { context: { path: this.#snapshot.location, table: name } });
    return found === 'empty' ? null : found;
  }

  #columnsNamed(table: StoredTable, columns: readonly string[]): readonly string[] {
    return columns.map((name) => this.#columnNamed(table, name));
  }

  #columnNamed(table: StoredTable, name: string): string {
    return findColumn(table, name, this.#snapshot.location);
  }
}
