import { MigrationError } from '../../errors.ts';
import type { Catalog } from '../../model/catalog.ts';
import type { TableProfile } from '../../model/column-profile.ts';
import type { ExportValue } from '../../model/export-value.ts';
import type { Cursor, KeyRange, Provenance, RowBatch } from '../../model/row-batch.ts';
import type { RowsView } from '../../model/rows.ts';
import { pickPlaces } from '../shared/pick-places.ts';
import { profileTable } from '../shared/profile-table.ts';
import type {
  GroupBatch,
  GroupedTable,
  MeasuredKeys,
  ReadOptions,
  Source,
  SourceAggregate,
  SourceCapabilities,
  SourcePage,
  SourcePageRequest,
} from '../source.ts';
import { columnReader } from './column-reader.ts';
import { comparePlaces, readCursor } from './document-cursor.ts';
import { readPlace } from './document-place.ts';
import type { TableToRead } from './document-rows.ts';
import { openTable, type OpenTable } from './document-table.ts';
import { inferTable } from './infer/infer-table.ts';
import type { DocumentFiles } from './document-files.ts';
import { FileNumbers } from './file-numbers.ts';
import { filesIn, type JsonSnapshot } from './json-snapshot.ts';
import { groupByFiles, readGroup } from './read-group.ts';
import { readBatches } from './read-batches.ts';
import { rangesAround, splitDocuments } from './split-documents.ts';
import { viewAll, viewPage, withoutSql } from './view-rows.ts';

const defaultBatchBytes = 1 << 20;

/** Frozen files of documents in one thread. A file is open only while rows of it are read. */
export class JsonSource implements Source {
  readonly capabilities: SourceCapabilities;
  readonly #snapshot: JsonSnapshot;
  readonly #files: DocumentFiles;
  readonly #segments: ReadonlySet<string>;
  readonly #tables = new Map<string, OpenTable>();

  constructor(snapshot: JsonSnapshot) {
    this.capabilities = snapshot.capabilities;
    this.#snapshot = snapshot;
    this.#files = filesIn(snapshot);
    this.#segments = new Set(this.#files.segmentNames);
  }

  async introspect(): Promise<Catalog> {
    return { tables: this.#snapshot.tables, views: [], triggers: [], skipped: [] };
  }

  async profile(name: string, options: Parameters<Source['profile']>[1]): Promise<TableProfile> {
    const { tables } = this.#snapshot;
    const known = tables.find((table) => table.name === name) ?? (await inferTable(this.#files, this.#tableNamed(name), options.signal));
    const columns = known.columns.map((column) => column.name);
    return profileTable(this, name, columns, known.rows ?? 0, options);
  }

  readBatches(name: string, options: ReadOptions): AsyncIterable<RowBatch> {
    const batchBytes = options.batchBytes ?? defaultBatchBytes;
    return readBatches(this.#files, this.#toRead(name, options.columns), { ...options, batchBytes });
  }

  async *readPlaces(
    name: string,
    places: readonly Provenance[],
    options: Pick<ReadOptions, 'columns' | 'signal'>,
  ): AsyncGenerator<RowBatch, void, undefined> {
    const { files } = this.#tableNamed(name);
    const known = places.flatMap((place) => {
      const found = readPlace(place, this.#files);
      return found === null || !files.has(found.part) ? [] : [found];
    });
    const wanted = new Set(places);
    for (const range of rangesAround(this.#files, known)) yield* pickPlaces(this.readBatches(name, { ...options, ...range }), wanted);
  }

  async splitTable(name: string, parts: number): Promise<readonly KeyRange[]> {
    return splitDocuments(this.#files, this.#tableNamed(name).files, parts);
  }

  /** Tables that read the same files. */
  groupTables(names: readonly string[]): readonly (readonly string[])[] {
    return groupByFiles(
      names.map((name) => this.#tableNamed(name)),
      this.#files.length,
    ).map((group) => group.map(({ name }) => name));
  }

  readGroup(tables: readonly GroupedTable[], options: Omit<ReadOptions, 'columns'>): AsyncIterable<GroupBatch> {
    const batchBytes = options.batchBytes ?? defaultBatchBytes;
    const toRead = tables.map(({ table, columns }) => this.#toRead(table, columns));
    return readGroup(this.#files, toRead, { ...options, batchBytes });
  }

  async splitGroup(names: readonly string[], parts: number): Promise<readonly KeyRange[]> {
    const files = new FileNumbers(this.#files.length);
    for (const name of names) files.addAll(this.#tableNamed(name).files);
    return splitDocuments(this.#files, files, parts);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return comparePlaces(readCursor(a), readCursor(b));
  }

  /** None: there is nobody but us who could compute them. */
  async aggregates(): Promise<readonly SourceAggregate[]> {
    return [];
  }

  async readPage(name: string, request: SourcePageRequest): Promise<SourcePage> {
    const columns = this.#columnsOf(name, request.view);
    return viewPage({ location: this.#snapshot.location, files: this.#files.length }, request, columns, (signal) =>
      this.readBatches(name, { columns, signal }),
    );
  }

  async countRows(name: string, filter: string | null): Promise<number> {
    if (filter !== null) throw withoutSql(this.#snapshot.location);
    const known = this.#snapshot.tables.find((table) => table.name === name)?.rows;
    if (typeof known === 'number') return known;
    let rows = 0;
    for await (const batch of this.readBatches(name, { columns: [], signal: new AbortController().signal })) rows += batch.rows.length;
    return rows;
  }

  readView(name: string, view: RowsView, signal: AbortSignal): AsyncIterable<readonly (readonly ExportValue[])[]> {
    return viewAll(this.readBatches(name, { columns: this.#columnsOf(name, view), signal }));
  }

  measureKeys(): Promise<MeasuredKeys> {
    return Promise.reject(withoutSql(this.#snapshot.location));
  }

  query(): Promise<readonly (readonly (string | null)[])[]> {
    return Promise.reject(withoutSql(this.#snapshot.location));
  }

  /** Readers close their files themselves. */
  async close(): Promise<void> {}

  #columnsOf(name: string, { filter, sort, columns }: RowsView): readonly string[] {
    this.#tableNamed(name);
    if (filter !== null || sort.length > 0) throw withoutSql(this.#snapshot.location);
    const known = this.#snapshot.tables.find((table) => table.name === name);
    return columns ?? known?.columns.map((column) => column.name) ?? ['#json'];
  }

  #toRead(name: string, columns: readonly string[]): TableToRead {
    const table = this.#tableNamed(name);
    return {
      table,
      columns: columns.map((column) => {
        const reader = columnReader(column, this.#segments);
        if (reader !== null) return reader;
        throw new MigrationError('no-such-source-column', { context: { path: this.#snapshot.location, table: name, column } });
      }),
    };
  }

  #tableNamed(name: string): OpenTable {
    const table = this.#tables.get(name) ?? openTable(name, this.#files);
    if (table === null) throw this.#noTable(name);
    this.#tables.set(name, table);
    return table;
  }

  #noTable(name: string): MigrationError {
    return new MigrationError('no-such-source-table', { context: { path: this.#snapshot.location, table: name } });
  }
}
