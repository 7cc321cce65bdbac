import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '../../src/core/errors.ts';
import { forkTestEmbedded } from './embedded.ts';
import { requirePostgres } from './postgres.ts';

/** A target that the editor migrates the WidgetTDC sample into, looked at and changed past Sluice. */
export interface UiTarget {
  readonly name: 'postgres' | 'embedded';
  /** Text of its entry when a target is chosen, in the tree, and in a plan. */
  readonly pick: string;
  readonly label: string;
  readonly profile: string;
  /** Of the editor. */
  readonly environment: Readonly<Record<string, string>>;
  /** Must appear nowhere. */
  readonly secret: string | null;
  /** Changes `relation_type` of two rows of memory_relations; gives their keys. `folder`: the workspace. */
  change(folder: string): Promise<readonly [string, string]>;
  /** Takes that back. */
  restore(folder: string): Promise<void>;
  /** Tables outside of Sluice's own schema. */
  tables(): Promise<number>;
  /** Column `value` of every row, as text. An embedded target is waited for until the editor has let go of it. */
  ask(sql: string): Promise<readonly string[]>;
  remove(): Promise<void>;
}

type Ask = (sql: string) => Promise<readonly string[]>;

const tablesQuery = `SELECT count(*)::text AS value FROM pg_catalog.pg_tables WHERE schemaname = 'public'`;

/** Where the two rows were, so that they can be put back. */
function changes(ask: Ask): Pick<UiTarget, 'change' | 'restore' | 'tables' | 'ask'> {
  const before = new Map<string, string>();
  const texts = ['changed by hand', 'changed too'] as const;
  const set = async (key: string, text: string): Promise<void> => {
    await ask(`UPDATE public.memory_relations SET relation_type = '${text}' WHERE id = ${key} RETURNING id::text AS value`);
  };
  return {
    async change() {
      const rows = await ask(`SELECT id || ' ' || relation_type AS value FROM public.memory_relations WHERE id IN (3, 5) ORDER BY id`);
      for (const row of rows) before.set(row.slice(0, row.indexOf(' ')), row.slice(row.indexOf(' ') + 1));
      const [first, second] = [...before.keys()];
      if (first === undefined || second === undefined) throw new Error('memory_relations holds no rows 3 and 5');
      await set(first, texts[0]);
      await set(second, texts[1]);
      return [first, second];
    },
    async restore() {
      for (const [key, text] of before) await set(key, text);
    },
    tables: async () => Number((await ask(tablesQuery))[0]),
    ask,
  };
}

/** A database on a real server, owned by a user with a password, named by DATABASE_URL. */
export async function postgresUiTarget(context: Mocha.Context): Promise<UiTarget> {
  const cluster = await requirePostgres(context);
  const database = new URL(await cluster.createDatabase()).pathname.slice(1);
  const user = `ui_${database}`;
  const secret = `pw-${database}-${Math.random().toString(36).slice(2)}`;
  await cluster.createUser(user, secret);
  await cluster.psql(
    `ALTER DATABASE "${database}" OWNER TO "${user}"; ALTER SCHEMA public OWNER TO "${user}"; CREATE EXTENSION IF NOT EXISTS vector;`,
    database,
  );
  return {
    name: 'postgres',
    pick: 'DATABASE_URL',
    label: 'DATABASE_URL',
    profile: 'env:DATABASE_URL',
    environment: { DATABASE_URL: cluster.url(database, { user, password: secret }) },
    secret,
    ...changes(async (sql) => (await cluster.psql(sql, database)).split('\n').filter((line) => line !== '')),
    remove: () => cluster.dropDatabase(database),
  };
}

/** The embedded target of the workspace. The editor lets go of it when it has not used it for 30 s. */
export async function embeddedUiTarget(_context: Mocha.Context, folder: string): Promise<UiTarget> {
  const directory = join(folder, '.sluice', 'postgres');
  const ask: Ask = async (sql) => {
    const link = await openWhenFree(directory);
    try {
      const { rows } = await link.request('query', { session: null, sql, parameters: [] });
      return rows.map((row) => String(row['value']));
    } finally {
      await link.close();
    }
  };
  return {
    name: 'embedded',
    pick: 'embedded',
    label: 'embedded',
    profile: 'embedded',
    environment: {},
    secret: null,
    ...changes(ask),
    remove: () => Promise.resolve(),
  };
}

async function openWhenFree(directory: string): Promise<Awaited<ReturnType<typeof forkTestEmbedded>>> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    try {
      return await forkTestEmbedded(directory);
    } catch (error) {
      const busy = error instanceof MigrationError && error.code === 'embedded-in-use';
      if (!busy || performance.now() > deadline) throw error;
      await sleep(1000);
    }
  }
}
