import { closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { MigrationError } from '../../errors.ts';
import type { Catalog, CatalogColumn } from '../../model/catalog.ts';
import type { TableProfile } from '../../model/column-profile.ts';
import type { ExportValue } from '../../model/export-value.ts';
import type { Cursor, KeyRange, Provenance, RowBatch } from '../../model/row-batch.ts';
import type { RowsView } from '../../model/rows.ts';
import { pickPlaces } from '../shared/pick-places.ts';
import { profileTable } from '../shared/profile-table.ts';
import type { MeasuredKeys, ReadOptions, Source, SourceAggregate, SourceCapabilities, SourcePage, SourcePageRequest } from '../source.ts';
import { readCursor } from './delimited-cursor.ts';
import type { DelimitedSnapshot } from './delimited-snapshot.ts';
import { readBatches } from './read-batches.ts';
import type { OpenFile } from './record-reader.ts';
import { rangesAround, splitRows } from './split-rows.ts';
import { viewAll, viewPage, withoutSql } from './view-rows.ts';

const defaultBatchBytes = 1 << 20;

/** A frozen file of delimited text in one thread: one table, whose values are texts. */
export class DelimitedSource implements Source {
  readonly capabilities: SourceCapabilities;
  readonly #snapshot: DelimitedSnapshot;
  readonly #file: OpenFile;

  constructor(snapshot: DelimitedSnapshot) {
    this.capabilities = snapshot.capabilities;
    this.#snapshot = snapshot;
    this.#file = { descriptor: openSync(snapshot.path, 'r'), size: snapshot.size, location: snapshot.location };
  }

  async introspect(): Promise<Catalog> {
    const { table, columns, rows, notes } = this.#snapshot;
    const none = { schema: null, primaryKey: [], uniques: [], checks: [], foreignKeys: [], indexes: [], nextIdentity: null };
    return { tables: [{ ...none, name: table, columns: columns.map(catalogColumn), rows, notes }], views: [], triggers: [], skipped: [] };
  }

  async profile(table: string, options: Parameters<Source['profile']>[1]): Promise<TableProfile> {
    this.#require(table);
    return profileTable(this, table, this.#snapshot.columns, this.#snapshot.rows, options);
  }

  readBatches(table: string, options: ReadOptions): AsyncIterable<RowBatch> {
    this.#require(table);
    const { location, columns } = this.#snapshot;
    const fields = options.columns.map((column) => {
      const place = columns.indexOf(column);
      if (place < 0) throw new MigrationError('no-such-source-column', { context: { path: location, table, column } });
      return place;
    });
    const { after, upTo, signal, batchBytes = defaultBatchBytes } = options;
    const range = { ...(after !== undefined && { after }), ...(upTo !== undefined && { upTo }) };
    return readBatches(this.#file, this.#snapshot, { ...range, fields, batchBytes, name: basename(location), signal });
  }

  async *readPlaces(
    table: string,
    places: readonly Provenance[],
    options: Pick<ReadOptions, 'columns' | 'signal'>,
  ): AsyncGenerator<RowBatch, void, undefined> {
    const wanted = new Set(places);
    const bytes = places.flatMap((place) => /, byte (\d+)$/.exec(place)?.[1] ?? []).map(Number);
    for (const range of rangesAround(this.#snapshot, bytes)) yield* pickPlaces(this.readBatches(table, { ...options, ...range }), wanted);
  }

  async splitTable(table: string, parts: number): Promise<readonly KeyRange[]> {
    this.#require(table);
    return splitRows(this.#snapshot, parts);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return readCursor(a).at - readCursor(b).at;
  }

  /** None: there is nobody but us who could compute them. */
  async aggregates(): Promise<readonly SourceAggregate[]> {
    return [];
  }

  async readPage(table: string, request: SourcePageRequest): Promise<SourcePage> {
    this.#require(table);
    return viewPage(this.#snapshot, request, (options) => this.readBatches(table, options));
  }

  async countRows(table: string, filter: string | null): Promise<number> {
    this.#require(table);
    if (filter !== null) throw withoutSql(this.#snapshot);
    return this.#snapshot.rows;
  }

  readView(table: string, view: RowsView, signal: AbortSignal): AsyncIterable<readonly (readonly ExportValue[])[]> {
    this.#require(table);
    return viewAll(this.#snapshot, view, (columns) => this.readBatches(table, { columns, signal }));
  }

  measureKeys(): Promise<MeasuredKeys> {
    return Promise.reject(withoutSql(this.#snapshot));
  }

  query(): Promise<readonly (readonly (string | null)[])[]> {
    return Promise.reject(withoutSql(this.#snapshot));
  }

  async close(): Promise<void> {
    closeSync(this.#file.descriptor);
  }

  #require(table: string): void {
    if (table !== this.#snapshot.table)
      throw new MigrationError('no-such-source-table', { context: { path: this.#snapshot.location, table } });
  }
}

function catalogColumn(name: string): CatalogColumn {
  return { name, declared: '', nullable: true, default: null, generated: null, identity: false, collation: null };
}
