import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { HeldEmbedded } from './held-embedded.ts';
import { layEmbeddedDatabase } from './new-embedded-database.ts';
import { askOracle, targetQuery, type OracleAnswer, type OracleTable } from './oracle.ts';
import type { Cluster } from './postgres.ts';

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
  return embeddedTargetOf((directory) => ({
    query: async (sql) => {
      await layEmbeddedDatabase(directory);
      const database = await PGlite.create({ dataDir: directory, extensions: { vector } });
      try {
        const { rows } = await database.query<unknown[]>(sql, [], { rowMode: 'array' });
        return rows.map((row) => String(row[0]));
      } finally {
        await database.close();
      }
    },
    close: () => Promise.resolve(),
  }));
}

/** For an engine in this process: the embedded process stays, whoever opens and closes it, until the target is removed. */
export interface HeldTarget extends CliTarget {
  /** For `EngineDeps.openEmbedded`. */
  open(): Promise<EmbeddedLink>;
}

export function heldEmbeddedTarget(): HeldTarget {
  let held: HeldEmbedded | undefined;
  const target = embeddedTargetOf((directory) => {
    const database = (held = new HeldEmbedded(directory));
    return {
      query: async (sql) => {
        const { rows } = await (await database.link()).request('query', { session: null, sql, parameters: [] });
        return rows.map((row) => String(Object.values(row)[0]));
      },
      close: () => database.close(),
    };
  });
  return { ...target, open: () => held!.open() };
}

function embeddedTargetOf(
  look: (directory: string) => { query(sql: string): Promise<readonly string[]>; close(): Promise<void> },
): CliTarget {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  const directory = join(folder, 'postgres');
  const { query, close } = look(directory);
  return {
    flag: `embedded:${directory}`,
    environment: {},
    query,
    dump: async () => (await query(everyObject)).join('\n'),
    compare: async (store, table) => {
      const file = join(folder, 'lines');
      writeFileSync(file, (await query(targetQuery(table))).map((line) => `${line}\n`).join(''));
      return askOracle(store, { file }, table);
    },
    remove: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** There is no pg_dump for PGlite: names of everything that is not the system's own. It makes schemas for temporary tables and keeps them. */
export const everyObject = `
  SELECT line FROM (
    SELECT 'schema ' || nspname AS line FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
    UNION ALL SELECT format('relation %s %s.%s', c.relkind, n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('column %s.%s.%s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND n.nspname !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace::regnamespace::text !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('routine %s', oid::regprocedure) FROM pg_proc WHERE pronamespace::regnamespace::text !~ '^pg_|^information_schema$'
    UNION ALL SELECT format('type %s', oid::regtype) FROM pg_type WHERE typnamespace::regnamespace::text !~ '^pg_|^information_schema$') objects
  ORDER BY line`;
