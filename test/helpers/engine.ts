import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createEngine } from '../../src/cli/create-engine.ts';
import { chooseTarget } from '../../src/cli/target-choice.ts';
import { runMigration, type EngineEvent, type RunRequest, type RunResult, type TargetChoice } from '../../src/core/index.ts';
import type { EngineDeps } from '../../src/core/engine-deps.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { openEmbeddedTarget } from '../../src/core/target/embedded/open-embedded-target.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import { heldEmbeddedTarget, postgresTarget, sharedEmbeddedTarget, type CliTarget, type HeldTarget } from './cli-target.ts';
import { layEmbeddedDatabase } from './new-embedded-database.ts';
import { assertNoSecret, serverUrls } from './no-secrets.ts';
import { requirePostgres, type Cluster } from './postgres.ts';
import { assertRowsAccounted, stateRows } from './row-accounting.ts';
import { runRequest } from './run-request.ts';
import { SharedEmbedded } from './shared-embedded.ts';

/** A store, a plan and a target of one test, with the engine as the command line builds it. */
export interface Bench {
  readonly folder: string;
  readonly store: string;
  readonly target: CliTarget;
  readonly choice: TargetChoice;
  readonly events: EngineEvent[];
  readonly deps: EngineDeps;
  /** Tells each event at once from now on. */
  watch(listener: (event: EngineEvent) => unknown): void;
  /** `deps`: instead of the bench's own. */
  run(plan: PlanInput, settings?: Partial<RunRequest>, deps?: EngineDeps): Promise<RunResult>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Whether the database is there before the run, as it is on a server; an embedded one is made by the first run, which takes seconds. */
export type BenchDatabase = 'there' | 'unmade';

/** Calls `work` with a bench of its own. The database is there unless told. */
export type WithBench = (seed: string, work: (bench: Bench) => Promise<void>, database?: BenchDatabase) => Promise<void>;

/** Runs the same suite on PostgreSQL and on the embedded target. */
export function describeOnBothTargets(title: string, suite: (withBench: WithBench) => void): void {
  describe(`${title} (PostgreSQL)`, function () {
    this.timeout(60_000);
    let cluster: Cluster;
    before(async function () {
      cluster = await requirePostgres(this);
    });
    suite((seed, work) => withBenchOf(() => postgresTarget(cluster), seed, work));
  });
  describe(`${title} (embedded)`, function () {
    this.timeout(120_000);
    const shared = new SharedEmbedded();
    after(() => shared.close());
    suite((seed, work, database = 'there') =>
      withBenchOf(() => (database === 'there' ? sharedEmbeddedTarget(shared) : Promise.resolve(heldEmbeddedTarget())), seed, work),
    );
  });
}

/** One bench, removed with its target when the work is over. */
export async function withBenchOf(
  makeTarget: () => Promise<CliTarget | HeldTarget>,
  seed: string,
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  const store = join(folder, 'store.db');
  const database = new Database(store);
  database.exec(seed);
  database.close();
  const target = await makeTarget();
  const events: EngineEvent[] = [];
  const environment = { ...process.env, ...target.environment };
  let listener: (event: EngineEvent) => unknown = () => undefined;
  const emit = (event: EngineEvent): void => {
    events.push(event);
    listener(event);
  };
  const engine = createEngine({ log: silent, emit, environment });
  const deps =
    'open' in target ? { ...engine.deps, openEmbedded: (directory: string) => openHeld(target, directory, engine.deps) } : engine.deps;
  const watch: Bench['watch'] = (told) => (listener = told);
  const choice = chooseTarget({ flag: target.flag }, { cwd: folder, environment, warn: () => undefined });
  const run = async (plan: PlanInput, settings: Partial<RunRequest> = {}, surroundings = deps): Promise<RunResult> => {
    const watched = watchState(surroundings, settings.target ?? choice);
    const result = await runMigration(toRequest(plan, folder, choice, settings), watched.deps);
    if (result.runId !== null) assertRowsAccounted(result.tables, await watched.readState(result.runId), result.sources);
    return result;
  };
  try {
    await work({ folder, store, target, choice, events, deps, watch, run });
    await assertUrlUnknown(target, events);
  } finally {
    await engine.close();
    await target.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The URL of the server, which the engine got by the name of a variable, is in no event and nothing that runs keep in the target. */
async function assertUrlUnknown(target: CliTarget, events: readonly EngineEvent[]): Promise<void> {
  const secrets = serverUrls(target.environment);
  assertNoSecret(secrets, JSON.stringify(events), 'an event');
  for (const url of secrets) {
    const holding = (table: string): string => `SELECT '${table}' FROM sluice.${table} kept WHERE strpos(kept::text, '${url}') > 0`;
    const [kept] = await target.query(`SELECT to_regclass('sluice.run') IS NOT NULL AND to_regclass('sluice.reject') IS NOT NULL`);
    if (kept === 't')
      assert.deepEqual(await target.query(`${holding('run')} UNION ALL ${holding('reject')}`), [], 'the target holds its URL');
  }
}

/** The engine opens other directories too: one in its scratch folder stands in for a target that is not there yet. */
async function openHeld(target: HeldTarget, directory: string, { openEmbedded }: EngineDeps): Promise<EmbeddedLink> {
  if (target.flag === `embedded:${directory}`) return target.open();
  await layEmbeddedDatabase(directory);
  return openEmbedded(directory);
}

/**
 * Lets the state tables be read after a run. An embedded target is read just before the engine lets go of its process, since starting another takes
 * seconds.
 */
function watchState(
  deps: EngineDeps,
  choice: TargetChoice,
): { readonly deps: EngineDeps; readonly readState: (runId: string) => ReturnType<typeof stateRows> } {
  if (choice.kind === 'postgres') {
    const readState = async (runId: string): ReturnType<typeof stateRows> => {
      const target = await openPostgresTarget(choice.connection, 'sluice test');
      return stateRows(runId, async (sql) => (await target.query(sql)).rows).finally(() => target.close());
    };
    return { deps, readState };
  }
  const known = new Map<string, Awaited<ReturnType<typeof stateRows>>>();
  const openEmbedded: EngineDeps['openEmbedded'] = async (directory) => {
    const link = await deps.openEmbedded(directory);
    const close = async (): Promise<void> => {
      await readAll(link, known).catch(() => undefined);
      await link.close();
    };
    return { directory, request: (method, params) => link.request(method, params), kill: () => link.kill(), close };
  };
  return { deps: { ...deps, openEmbedded }, readState: (runId) => Promise.resolve(known.get(runId) ?? []) };
}

async function readAll(link: EmbeddedLink, into: Map<string, Awaited<ReturnType<typeof stateRows>>>): Promise<void> {
  const target = await openEmbeddedTarget(link);
  const { rows } = await target.query('SELECT run_id FROM sluice.run');
  for (const { run_id: runId } of rows)
    into.set(String(runId), await stateRows(String(runId), async (sql) => (await target.query(sql)).rows));
}

function toRequest(plan: PlanInput, folder: string, target: TargetChoice, settings: Partial<RunRequest>): RunRequest {
  const path = join(folder, 'store.sluice.json');
  writeFileSync(path, JSON.stringify(plan));
  return runRequest(plan, path, target, settings);
}

/** A plan of `store.db` with these tables. */
export function storePlan(tables: PlanInput['tables'], options: PlanInput['options'] = {}): PlanInput {
  return {
    version: 1,
    name: 'store',
    sources: { main: { kind: 'sqlite', path: 'store.db' } },
    target: { profile: 'embedded' },
    options,
    tables,
  };
}

/** SQLite script of a table `item(id, name, weight)` with `rows` rows. */
export function itemsSeed(rows: number): string {
  return `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, weight REAL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO item SELECT i, 'item ' || i, i / 8.0 FROM n;`;
}

export const itemTable: PlanInput['tables'][number] = {
  source: 'main',
  from: 'item',
  to: 'item',
  columns: [
    { from: 'id', to: 'id', type: 'bigint', identity: true, nullable: false },
    { from: 'name', to: 'name', type: 'text' },
    { from: 'weight', to: 'weight', type: 'double precision' },
  ],
  primaryKey: ['id'],
};
