import type { DuckDBConnection } from '@duckdb/node-api';
import { MigrationError } from '../../../errors.ts';
import type { Catalog } from '../../../model/catalog.ts';
import type { TableProfile } from '../../../model/column-profile.ts';
import type { ExportValue } from '../../../model/export-value.ts';
import type { Cursor, KeyRange, Provenance, RowBatch } from '../../../model/row-batch.ts';
import type { RowsView } from '../../../model/rows.ts';
import type {
  KeyRequest,
  MeasuredKeys,
  ReadOptions,
  Source,
  SourceAggregate,
  SourceCapabilities,
  SourcePage,
  SourcePageRequest,
} from '../../source.ts';
import { profileTable } from '../profile-table.ts';
import { aggregateColumns } from './aggregate-columns.ts';
import { namingDuckDbErrors } from './duckdb-errors.ts';
import type { DuckDbStore, Relation } from './relation.ts';
import { countRagged } from './count-ragged.ts';
import { measureKeys } from './measure-keys.ts';
import { compareNumbers, readAtPlaces, readRange, splitRelation } from './relation-reader.ts';
import { runSelect } from './run-select.ts';
import { ViewReader } from './view-reader.ts';

/** Whatever DuckDB reads, as a source: its own databases, and files that it takes for tables. */
export class DuckDbSource implements Source {
  readonly capabilities: SourceCapabilities;
  readonly #store: DuckDbStore;
  readonly #path: string;
  #relations: Promise<ReadonlyMap<string, Relation>> | null = null;

  /** `path`: what the user named, for messages. */
  constructor(store: DuckDbStore, capabilities: SourceCapabilities, path: string) {
    this.#store = store;
    this.capabilities = capabilities;
    this.#path = path;
  }

  async introspect(): Promise<Catalog> {
    return namingDuckDbErrors({ path: this.#path }, () => this.#store.introspect());
  }

  async profile(table: string, options: Parameters<Source['profile']>[1]): Promise<TableProfile> {
    const relation = await this.#open(table);
    const profile = await profileTable(
      this,
      table,
      relation.columns.map(({ name }) => name),
      relation.rows,
      options,
    );
    const ragged = await this.#with(table, (connection) => countRagged(connection, relation));
    const columns = profile.columns.map((column) => ({
      ...column,
      ...(ragged.has(column.column) && { ragged: ragged.get(column.column)! }),
    }));
    return { ...profile, columns };
  }

  async *readBatches(table: string, options: ReadOptions): AsyncGenerator<RowBatch, void, undefined> {
    yield* readRange(this.#store.database, await this.#open(table), options, this.#path);
  }

  async *readPlaces(
    table: string,
    places: readonly Provenance[],
    options: Pick<ReadOptions, 'columns' | 'signal'>,
  ): AsyncGenerator<RowBatch, void, undefined> {
    yield* readAtPlaces(this.#store.database, await this.#open(table), places, options, this.#path);
  }

  async splitTable(table: string, parts: number): Promise<readonly KeyRange[]> {
    return splitRelation(await this.#open(table), parts);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return compareNumbers(a, b);
  }

  async aggregates(table: string, columns: readonly string[]): Promise<readonly SourceAggregate[]> {
    const relation = await this.#open(table);
    return this.#with(table, (connection) => aggregateColumns(connection, relation, columns, this.#path));
  }

  async readPage(table: string, request: SourcePageRequest): Promise<SourcePage> {
    return (await this.#viewOf(table)).readPage(request);
  }

  async measureKeys(table: string, request: KeyRequest): Promise<MeasuredKeys> {
    const relation = await this.#open(table);
    return this.#with(table, (connection) => measureKeys(connection, relation, request));
  }

  async countRows(table: string, filter: string | null): Promise<number> {
    return (await this.#viewOf(table)).count(filter);
  }

  async *readView(
    table: string,
    view: RowsView,
    signal: AbortSignal,
  ): AsyncGenerator<readonly (readonly ExportValue[])[], void, undefined> {
    yield* (await this.#viewOf(table)).readAll(view, signal);
  }

  async query(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    return this.#store.database.withConnection((connection) => runSelect(connection, sql));
  }

  async close(): Promise<void> {
    await this.#store.database.close();
  }

  async #viewOf(table: string): Promise<ViewReader> {
    return new ViewReader(this.#store.database, await this.#open(table), this.#path);
  }

  async #open(table: string): Promise<Relation> {
    this.#relations ??= this.#readRelations();
    const found = (await this.#relations).get(table);
    if (found === undefined) throw new MigrationError('no-such-source-table', { context: { path: this.#path, table } });
    return found;
  }

  async #readRelations(): Promise<ReadonlyMap<string, Relation>> {
    const relations = await namingDuckDbErrors({ path: this.#path }, () => this.#store.relations());
    return new Map(relations.map((relation) => [relation.name, relation]));
  }

  #with<T>(table: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return namingDuckDbErrors({ path: this.#path, table }, () => this.#store.database.withConnection(work));
  }
}
