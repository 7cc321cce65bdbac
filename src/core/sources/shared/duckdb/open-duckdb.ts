import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { ErrorContext } from '../../../error-context.ts';
import { namingDuckDbErrors } from './duckdb-errors.ts';
import { keepByteOrderMarks } from './keep-byte-order-marks.ts';
import { quoteText } from '../quote-name.ts';

export interface DuckDbOptions {
  /** Database file to open for reading only; null = a database in memory. */
  readonly path: string | null;
  /** Folder for what does not fit into memory. */
  readonly scratch: string;
  /** Files that SQL may read; there is no other way out of the database. */
  readonly files?: readonly string[];
  /** For messages. */
  readonly context: ErrorContext;
  /** Statements that are run before the settings are locked: views over `files`. */
  readonly prepare?: readonly string[];
}

/** Every connection of one opened database; each reader takes one of its own. */
export interface DuckDb {
  /** Gives `work` a connection and closes it afterwards. */
  withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  connect(): Promise<DuckDBConnection>;
  /** Takes its temporary files with it. */
  close(): Promise<void>;
}

/** Every engine worker opens the store, so each takes little: more than this goes to `temp_directory`. */
const memoryLimit = '512MB';
/** One thread scans in order; the engine's workers read ranges at the same time. */
const threads = '1';

/**
 * Opens DuckDB with the settings that each of our sessions has: no extension is fetched or loaded, nothing but `files` can be read and nothing can be
 * written but temporary files in `scratch` (DuckDB's own default is beside the database), and no statement can change that. Throws named diagnoses.
 */
export async function openDuckDb({ path, scratch, files = [], context, prepare = [] }: DuckDbOptions): Promise<DuckDb> {
  return namingDuckDbErrors(context, async () => {
    keepByteOrderMarks();
    const temporary = await mkdtemp(join(scratch, 'duckdb-'));
    let instance: DuckDBInstance | null = null;
    try {
      instance = await DuckDBInstance.create(path ?? ':memory:', {
        ...(path === null ? {} : { access_mode: 'READ_ONLY' }),
        threads,
        memory_limit: memoryLimit,
        temp_directory: temporary,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      });
      const connection = await instance.connect();
      if (files.length > 0) await connection.run(`SET allowed_paths = [${files.map(quoteText).join(', ')}]`);
      await connection.run('SET enable_external_access = false');
      for (const statement of prepare) await connection.run(statement);
      await connection.run('SET lock_configuration = true');
      connection.closeSync();
      return new OpenedDuckDb(instance, temporary);
    } catch (error) {
      instance?.closeSync();
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
  });
}

class OpenedDuckDb implements DuckDb {
  readonly #instance: DuckDBInstance;
  readonly #temporary: string;

  constructor(instance: DuckDBInstance, temporary: string) {
    this.#instance = instance;
    this.#temporary = temporary;
  }

  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  async withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    this.#instance.closeSync();
    await rm(this.#temporary, { recursive: true, force: true });
  }
}
