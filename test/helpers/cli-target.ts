import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { embeddedFolder } from './embedded.ts';
import { everyObject } from './every-object.ts';
import { HeldEmbedded } from './held-embedded.ts';
import { layEmbeddedDatabase } from './new-embedded-database.ts';
import { askOracle, targetQuery, type OracleAnswer, type OracleTable } from './oracle.ts';
import type { Cluster } from './postgres.ts';
import type { SharedEmbedded } from './shared-embedded.ts';

/** A database that the command line migrates into, looked at past Sluice. */
export interface CliTarget {
  /** What `--target` takes. */
  readonly flag: string;
  /** Environment that `flag` needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** First column of every row, as text. */
  query(sql: string): Promise<readonly string[]>;
  /** Everything in the database as text, the same for the same contents. */
  dump(): Promise<string>;
  compare(store: string, table: OracleTable): Promise<OracleAnswer>;
  remove(): Promise<void>;
}

/** A new database on a server; psql and pg_dump look at it. */
export async function postgresTarget(cluster: Cluster): Promise<CliTarget> {
  const url = await cluster.createDatabase();
  const database = new URL(url).pathname.slice(1);
  return {
    flag: 'env:SLUICE_TEST_TARGET',
    environment: { SLUICE_TEST_TARGET: url },
    query: async (sql) => (await cluster.psql(sql, database)).split('\n').filter((line) => line !== ''),
    dump: () => Promise.resolve(pgDump(cluster, url)),
    compare: (store, table) => askOracle(store, { psql: join(cluster.bin, 'psql'), url }, table),
    remove: () => cluster.dropDatabase(database),
  };
}

/** Newer versions write a random key into each dump unless one is given. */
function pgDump(cluster: Cluster, url: string): string {
  const program = join(cluster.bin, 'pg_dump');
  const key = execFileSync(program, ['--help'], { encoding: 'utf8' }).includes('--restrict-key') ? ['--restrict-key=fixed'] : [];
  return execFileSync(program, [...key, '-d', url], { encoding: 'utf8', maxBuffer: 1 << 30 });
}

/** A new embedded directory; between calls of the command line, PGlite itself looks at it. */
export function embeddedTarget(): CliTarget {
  const { directory, remove } = embeddedFolder();
  const query = async (sql: string): Promise<readonly string[]> => {
    await layEmbeddedDatabase(directory);
    const database = await PGlite.create({ dataDir: directory, extensions: { vector } });
    try {
      const { rows } = await database.query<unknown[]>(sql, [], { rowMode: 'array' });
      return rows.map((row) => String(row[0]));
    } finally {
      await database.close();
    }
  };
  return embeddedTargetOf(directory, query, () => Promise.resolve(remove()));
}

/** For an engine in this process: the embedded process stays, whoever opens and closes it, until the target is removed. */
export interface HeldTarget extends CliTarget {
  /** For `EngineDeps.openEmbedded`. */
  open(): Promise<EmbeddedLink>;
}

/** A directory of its own, in which there is no database yet, and a process of its own from its first use on. */
export function heldEmbeddedTarget(): HeldTarget {
  const { directory, remove } = embeddedFolder();
  const database = new HeldEmbedded(directory);
  return heldTargetOf(database, directory, async () => {
    await database.close();
    remove();
  });
}

/** The database of `shared`, which is there and empty, and empty again when the target is removed. */
export async function sharedEmbeddedTarget(shared: SharedEmbedded): Promise<HeldTarget> {
  const { database, directory } = await shared.take();
  return heldTargetOf(database, directory, () => shared.giveBack());
}

function heldTargetOf(database: HeldEmbedded, directory: string, remove: () => Promise<void>): HeldTarget {
  const query = async (sql: string): Promise<readonly string[]> => {
    const { rows } = await (await database.link()).request('query', { session: null, sql, parameters: [] });
    return rows.map((row) => String(Object.values(row)[0]));
  };
  return { ...embeddedTargetOf(directory, query, remove), open: () => database.open() };
}

function embeddedTargetOf(directory: string, query: CliTarget['query'], remove: () => Promise<void>): CliTarget {
  return {
    flag: `embedded:${directory}`,
    environment: {},
    query,
    dump: async () => (await query(everyObject)).join('\n'),
    compare: async (store, table) => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-lines-'));
      try {
        const file = join(folder, 'lines');
        writeFileSync(file, (await query(targetQuery(table))).map((line) => `${line}\n`).join(''));
        return await askOracle(store, { file }, table);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    remove,
  };
}
