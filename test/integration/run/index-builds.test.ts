import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MigrationError, planStores, runMigration, type EngineDeps, type EngineEvent } from '../../../src/core/index.ts';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { parsePostgresUrl } from '../../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../../src/core/target/postgres/open-postgres-target.ts';
import { describeOnCaseTargets } from '../../helpers/describe-on-case-targets.ts';
import { runRequest } from '../../helpers/run-request.ts';

const dimensions = 256;

/** Enough rows for a build of a few seconds on PostgreSQL. */
function makeStore(path: string, rows: number): void {
  let seed = 3;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const database = new Database(path);
  database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, embedding BLOB)');
  const insert = database.prepare('INSERT INTO t (embedding) VALUES (?)');
  database.transaction(() => {
    for (let i = 0; i < rows; i += 1) insert.run(Buffer.from(Float32Array.from({ length: dimensions }, () => random() - 0.5).buffer));
  })();
  database.close();
}

type IndexEvent = Extract<EngineEvent, { type: 'index' }>;

describeOnCaseTargets('builds of vector indexes', (name, opened) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-builds-'));
  const store = join(folder, 'store.db');
  after(() => rmSync(folder, { recursive: true, force: true }));
  before(() => makeStore(store, name === 'PostgreSQL' ? 6_000 : 300));

  async function planFor(schema: string, deps: EngineDeps): Promise<PlanInput> {
    const signal = new AbortController().signal;
    const options = { schema };
    return structuredClone(
      (await planStores({ locations: [store], directory: folder, targetProfile: 'embedded', options, signal }, deps)).plan,
    );
  }

  it('are watched from beside where there are sessions, and leave the settings as they were', async () => {
    const { target, deps } = opened();
    const events: IndexEvent[] = [];
    const listening = { ...deps, emit: (event: EngineEvent) => void (event.type === 'index' && events.push(event)) };
    const plan = await planFor('watched', listening);
    const settings = "SELECT current_setting('maintenance_work_mem') AS m, current_setting('max_parallel_maintenance_workers') AS w";
    const before = (await target.session.query(settings)).rows;
    const result = await runMigration(runRequest(plan, join(folder, 'p.sluice.json'), target.choice), listening);
    assert.equal(result.verification.status, 'match');
    const own = events.filter(({ index }) => index === 't_embedding_idx');
    assert.equal(own[0]?.state, 'start');
    assert.equal(own.at(-1)?.state, 'done');
    const building = own.filter(({ state }) => state === 'building');
    if (name === 'PostgreSQL') {
      assert.ok(building.length > 0, 'progress was told');
      assert.ok(
        building.every(({ step }) => step?.startsWith('building index') === true || step === 'initializing'),
        JSON.stringify(building),
      );
      assert.ok(building.some(({ percent }) => percent !== null && percent <= 100));
    } else assert.deepEqual(building, []);
    assert.deepEqual((await target.session.query(settings)).rows, before);
  });

  if (name !== 'PostgreSQL') return;

  it('end at once when the run is cancelled, and a resume builds them', async () => {
    const { target, deps } = opened();
    const plan = await planFor('cancelled', deps);
    const path = join(folder, 'c.sluice.json');
    const stop = new AbortController();
    const emit = (event: EngineEvent): void => {
      if (event.type === 'index' && event.state === 'building') stop.abort();
    };
    await assert.rejects(runMigration(runRequest(plan, path, target.choice, { signal: stop.signal }), { ...deps, emit }), (error) => {
      assert.ok(error instanceof MigrationError);
      assert.equal(error.code, 'cancelled');
      return true;
    });
    const builds = await target.session.query('SELECT 1 FROM pg_stat_progress_create_index');
    assert.equal(builds.rowCount, 0, 'nothing is being built any more');
    const resumed = await runMigration(runRequest(plan, path, target.choice, { resume: true }), deps);
    assert.equal(resumed.verification.status, 'match');
    const there = await target.session.query("SELECT 1 FROM pg_indexes WHERE schemaname = 'cancelled' AND indexname = 't_embedding_idx'");
    assert.equal(there.rowCount, 1);
  });

  it('that do not fit into memory are told, with what would be enough', async () => {
    const { target, deps } = opened();
    if (target.choice.kind !== 'postgres') return;
    // Shared buffers that nobody has raised tell nothing; a small cache does.
    const admin = await openPostgresTarget(parsePostgresUrl(postgresUrl(target.choice.connection), {}), 'test');
    const role = 'small_memory';
    await admin.query(
      `CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'small'; ALTER ROLE ${role} SET effective_cache_size = '6MB'; ALTER ROLE ${role} SET maintenance_work_mem = '1MB'`,
    );
    try {
      const plan = await planFor('spilled', deps);
      const choice = { ...target.choice, connection: { ...target.choice.connection, user: role, password: 'small' } };
      const index = plan.tables[0]?.indexes?.[0];
      Object.assign(index ?? {}, { where: 'id <= 2500' });
      const result = await runMigration(runRequest(plan, join(folder, 's.sluice.json'), choice), deps);
      const warning = result.warnings.find(({ code }) => code === 'index-memory');
      assert.match(
        warning?.message ?? JSON.stringify(result.warnings),
        /no longer fitted into maintenance_work_mem of 2 MB after [\d,]+ rows.*about \d+ MB/,
      );
    } finally {
      await admin.query(`REASSIGN OWNED BY ${role} TO postgres; DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await admin.close();
    }
  });
});

function postgresUrl({ host, port, database, user }: { host: string; port: number; database: string; user: string }): string {
  return `postgresql://${user}@${host}:${port}/${database}`;
}
