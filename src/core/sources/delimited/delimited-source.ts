import { MigrationError } from '../../errors.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../../model/catalog.ts';
import type { TableProfile } from '../../model/column-profile.ts';
import type { ExportValue } from '../../model/export-value.ts';
import type { Cursor, KeyRange, Provenance, RowBatch } from '../../model/row-batch.ts';
import type { RowsView } from '../../model/rows.ts';
import { pickPlaces } from '../shared/pick-places.ts';
import { profileTable } from '../shared/profile-table.ts';
import type { MeasuredKeys, ReadOptions, Source, SourceAggregate, SourceCapabilities, SourcePage, SourcePageRequest } from '../source.ts';
import { comparePlaces, readCursor } from './delimited-cursor.ts';
import type { DelimitedSnapshot, DelimitedTable } from './delimited-snapshot.ts';
import { readBatches } from './read-batches.ts';
import { rangesAround, splitRows } from './split-rows.ts';
import { viewAll, viewPage, withoutSql } from './view-rows.ts';

const defaultBatchBytes = 1 << 20;

/** Frozen files of delimited text in one thread: tables whose values are texts. A file is open only while rows of it are read. */
export class DelimitedSource implements Source {
  readonly capabilities: SourceCapabilities;
  readonly #location: string;
  readonly #tables: readonly DelimitedTable[];

  constructor({ capabilities, location, tables }: DelimitedSnapshot) {
    this.capabilities = capabilities;
    this.#location = location;
    this.#tables = tables;
  }

  async introspect(): Promise<Catalog> {
    return { tables: this.#tables.map(catalogTable), views: [], triggers: [], skipped: [] };
  }

  async profile(table: string, options: Parameters<Source['profile']>[1]): Promise<TableProfile> {
    const { columns, rows } = this.#tableNamed(table);
    return profileTable(this, table, columns, rows, options);
  }

  readBatches(name: string, options: ReadOptions): AsyncIterable<RowBatch> {
    const table = this.#tableNamed(name);
    const columns = options.columns.map((column) => {
      const place = table.columns.indexOf(column);
      if (place < 0) throw new MigrationError('no-such-source-column', { context: { path: this.#location, table: name, column } });
      return place;
    });
    return readBatches(table, { ...options, columns, batchBytes: options.batchBytes ?? defaultBatchBytes });
  }

  async *readPlaces(
    name: string,
    places: readonly Provenance[],
    options: Pick<ReadOptions, 'columns' | 'signal'>,
  ): AsyncGenerator<RowBatch, void, undefined> {
    const table = this.#tableNamed(name);
    const parts = new Map(table.parts.map((part, i) => [part.name, i]));
    const known = places.flatMap((place) => {
      const [, file = '', at] = /^(.*) line \d+, byte (\d+)$/s.exec(place) ?? [];
      const part = parts.get(file);
      return part === undefined ? [] : [{ part, at: Number(at) }];
    });
    const wanted = new Set(places);
    for (const range of rangesAround(table, known)) yield* pickPlaces(this.readBatches(name, { ...options, ...range }), wanted);
  }

  async splitTable(table: string, parts: number): Promise<readonly KeyRange[]> {
    return splitRows(this.#tableNamed(table), parts);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return comparePlaces(readCursor(a), readCursor(b));
  }

  /** None: there is nobody but us who could compute them. */
  async aggregates(): Promise<readonly SourceAggregate[]> {
    return [];
  }

  async readPage(table: string, request: SourcePageRequest): Promise<SourcePage> {
    return viewPage(this.#tableNamed(table), this.#location, request, (options) => this.readBatches(table, options));
  }

  async countRows(table: string, filter: string | null): Promise<number> {
    const { rows } = this.#tableNamed(table);
    if (filter !== null) throw withoutSql(this.#location);
    return rows;
  }

  readView(table: string, view: RowsView, signal: AbortSignal): AsyncIterable<readonly (readonly ExportValue[])[]> {
    return viewAll(this.#tableNamed(table), this.#location, view, (columns) => this.readBatches(table, { columns, signal }));
  }

  measureKeys(): Promise<MeasuredKeys> {
    return Promise.reject(withoutSql(this.#location));
  }

  query(): Promise<readonly (readonly (string | null)[])[]> {
    return Promise.reject(withoutSql(this.#location));
  }

  /** Readers close their files themselves. */
  async close(): Promise<void> {}

  #tableNamed(name: string): DelimitedTable {
    const table = this.#tables.find((one) => one.name === name);
    if (table === undefined) throw new MigrationError('no-such-source-table', { context: { path: this.#location, table: name } });
    return table;
  }
}

function catalogTable({ name, columns, partitions, rows, notes, warnings }: DelimitedTable): CatalogTable {
  const written = columns.length - partitions;
  const none = { schema: null, primaryKey: [], uniques: [], checks: [], foreignKeys: [], indexes: [], nextIdentity: null };
  return { ...none, name, columns: columns.map((column, i) => catalogColumn(column, i < written ? '' : 'folder')), rows, notes, ...(warnings.length > 0 && { warnings }) };
}

function catalogColumn(name: string, declared: string): CatalogColumn {
  return { name, declared, nullable: true, default: null, generated: null, identity: false, collation: null };
}
