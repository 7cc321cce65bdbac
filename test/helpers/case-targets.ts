import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { TargetChoice } from '../../src/core/index.ts';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { openEmbeddedTarget } from '../../src/core/target/embedded/open-embedded-target.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import type { Target } from '../../src/core/target/target.ts';
import { embeddedFolder, forkTestEmbedded } from './embedded.ts';
import { layEmbeddedDatabase } from './new-embedded-database.ts';
import { askOracle, targetQuery, type OracleAnswer, type OracleTable } from './oracle.ts';
import { requirePostgres } from './postgres.ts';

export type CaseTargetName = 'PostgreSQL' | 'embedded';
export const caseTargetNames: readonly CaseTargetName[] = ['PostgreSQL', 'embedded'];

/** A database that all cases of one test file share; each works in a schema of its own. */
export interface CaseTarget {
  readonly choice: TargetChoice;
  /** A session of the tests' own, beside those of the engine. */
  readonly session: Target;
  /** For `EngineDeps.openEmbedded`; the process stays when the engine lets go of it. */
  readonly openEmbedded: () => Promise<EmbeddedLink>;
  /** psql that reads a script from stdin; null for the embedded target. */
  readonly psql: readonly string[] | null;
  compare(store: string, table: OracleTable): Promise<OracleAnswer>;
  close(): Promise<void>;
}

const held = new Map<CaseTargetName, { readonly file: string; readonly target: CaseTarget }>();

/** For a `before` hook: the database of this file, made at its first use; that of another file is given up. */
export async function caseTarget(name: CaseTargetName, context: Mocha.Context, file: string): Promise<CaseTarget> {
  await closeCaseTargetsBut(file);
  const found = held.get(name);
  if (found !== undefined) return found.target;
  const target = name === 'PostgreSQL' ? await postgresCaseTarget(context) : await embeddedCaseTarget();
  held.set(name, { file, target });
  return target;
}

/** Called by root-hooks.ts: an embedded PostgreSQL takes 0.6 GB, which the next file may need. */
export async function closeCaseTargetsBut(file: string | undefined): Promise<void> {
  for (const [name, { file: owner, target }] of held) {
    if (owner === file) continue;
    held.delete(name);
    await target.close();
  }
}

async function postgresCaseTarget(context: Mocha.Context): Promise<CaseTarget> {
  const cluster = await requirePostgres(context);
  const url = await cluster.createDatabase();
  const connection = parsePostgresUrl(url, {});
  const session = await openPostgresTarget(connection, 'sluice test');
  await session.query('CREATE EXTENSION vector');
  return {
    choice: { kind: 'postgres', connection, name: 'env:SLUICE_TEST_TARGET' },
    session,
    openEmbedded: () => Promise.reject(new Error('a PostgreSQL server was asked for')),
    psql: [join(cluster.bin, 'psql'), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', '-'],
    compare: (store, table) => askOracle(store, { psql: join(cluster.bin, 'psql'), url }, table),
    close: async () => {
      await session.close();
      await cluster.dropDatabase(connection.database);
    },
  };
}

async function embeddedCaseTarget(): Promise<CaseTarget> {
  const { directory, remove } = embeddedFolder();
  await layEmbeddedDatabase(directory);
  const link = await forkTestEmbedded(directory);
  const session = await openEmbeddedTarget(link);
  await session.query('CREATE EXTENSION vector');
  return {
    choice: { kind: 'embedded', directory, name: `embedded:${directory}` },
    session,
    openEmbedded: () => Promise.resolve(lent(link)),
    psql: null,
    compare: (store, table) => compareLines(session, store, table),
    close: async () => {
      await link.close();
      remove();
    },
  };
}

function lent(link: EmbeddedLink): EmbeddedLink {
  return {
    directory: link.directory,
    request: (method, params) => link.request(method, params),
    kill: () => link.kill(),
    close: () => Promise.resolve(),
  };
}

async function compareLines(session: Target, store: string, table: OracleTable): Promise<OracleAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-lines-'));
  try {
    const file = join(folder, 'lines');
    const { rows } = await session.query(targetQuery(table));
    writeFileSync(file, rows.map((row) => `${String(Object.values(row)[0])}\n`).join(''));
    return await askOracle(store, { file }, table);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
