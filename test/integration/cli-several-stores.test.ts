import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { InspectResult, RunResult, RunSummary } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { layStores, systemsSeed } from '../helpers/many-stores.ts';
import { assertNoSecret } from '../helpers/no-secrets.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseFailure, parseJson, runCli, type CliOutcome } from '../helpers/run-cli.ts';

const password = `pw-Tz5 %2F'"\\@:/?#é`;
const secrets = [password, encodeURIComponent(password), 'Tz5'];

describe('several stores on the command line, into a server with a password', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let database: string;
  let folder: string;
  let environment: Record<string, string>;
  const said: string[] = [];

  before(async function () {
    cluster = await requirePostgres(this);
    database = new URL(await cluster.createDatabase()).pathname.slice(1);
    await cluster.createUser('several', password);
    await cluster.psql(`GRANT ALL ON DATABASE "${database}" TO several`);
    await cluster.psql('GRANT ALL ON SCHEMA public TO several', database);
    environment = { DATABASE_URL: cluster.url(database, { user: 'several', password }) };
    folder = mkdtempSync(join(tmpdir(), 'sluice-several-'));
    const store = new Database(join(folder, 'store.db'));
    store.exec(systemsSeed);
    store.close();
    await layStores(folder);
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cluster.dropDatabase(database);
    await cluster.psql('DROP ROLE several');
  });

  const sluice = async (...words: readonly string[]): Promise<CliOutcome> => {
    const outcome = await runCli(words, { cwd: folder, environment });
    said.push(outcome.stdout, outcome.stderr);
    return outcome;
  };
  const onTarget = (...words: readonly string[]): Promise<CliOutcome> => sluice(...words, '--target', 'env:DATABASE_URL', '--verbose');
  const stores = ['store.db', 'accounts.csv', 'facts.duckdb', 'days.parquet'];

  it('are inspected and planned together, run in phases, verified, reported and undone, and the password is nowhere', async () => {
    const inspected = parseJson(await sluice('inspect', ...stores, '--json')) as InspectResult;
    assert.deepEqual(
      inspected.stores.map(({ kind, tables }) => [kind, tables.length]),
      [
        ['sqlite', 2],
        ['delimited', 1],
        ['duckdb', 1],
        ['parquet', 1],
      ],
    );
    assert.equal((await sluice('plan', ...stores, '-o', 'all.sluice.json', '--target', 'env:DATABASE_URL')).code, 0);
    const plan = JSON.parse(readFileSync(join(folder, 'all.sluice.json'), 'utf8')) as PlanInput;
    assert.deepEqual(Object.keys(plan.sources), ['store', 'accounts', 'facts', 'days']);
    const accounts = plan.tables.find(({ to }) => to === 'accounts');
    assert.ok(accounts);
    const linked = { ...accounts, foreignKeys: [{ columns: ['system'], references: 'system', referencesColumns: ['code'] }] };
    writeFileSync(
      join(folder, 'all.sluice.json'),
      JSON.stringify({ ...plan, tables: plan.tables.map((table) => (table === accounts ? linked : table)) }),
    );

    const one = parseJson(
      await onTarget('run', 'all.sluice.json', '--tables', 'system,store.item', '--json', '--progress', 'ndjson'),
    ) as RunResult;
    assert.deepEqual([one.verification.status, Object.keys(one.sources)], ['match', ['store']]);
    const failed = await onTarget('run', 'all.sluice.json', '--json');
    assert.equal(parseFailure(failed, 1).code, 'table-exists');
    const two = parseJson(
      await onTarget('run', 'all.sluice.json', '--tables', 'accounts,facts_item,days', '--json', '--progress', 'ndjson'),
    ) as RunResult;
    assert.deepEqual([two.verification.status, two.orphans?.length, Object.keys(two.sources)], ['match', 1, ['accounts', 'facts', 'days']]);

    assert.equal((await onTarget('verify', 'all.sluice.json', '--json')).code, 0);
    assert.equal((await onTarget('rows', 'all.sluice.json', '--table', 'facts_item', '--json')).code, 0);
    for (const format of ['md', 'html']) await onTarget('report', String(two.runId), '--format', format);
    await onTarget('rejects', String(two.runId), '--json');
    const { runs } = parseJson(await onTarget('runs', '--json')) as { readonly runs: readonly RunSummary[] };
    assert.equal(runs.length, 2);

    environment = { DATABASE_URL: `${String(environment['DATABASE_URL'])}x` };
    assert.equal((await onTarget('run', 'all.sluice.json', '--tables', 'system')).code, 1);
    environment = { DATABASE_URL: String(environment['DATABASE_URL']).slice(0, -1) };

    const state = await cluster.psql(
      ['run', 'run_table', 'reject', 'created_object', 'checkpoint'].map((table) => `SELECT t::text FROM sluice.${table} AS t;`).join('\n'),
      database,
    );
    assert.ok(state.includes(String(two.runId)));
    assertNoSecret(secrets, state, 'the state in the target');
    assertNoSecret(secrets, readFileSync(join(folder, 'all.sluice.json'), 'utf8'), 'the plan');
    assertNoSecret(secrets, said.join('\n'), 'what the commands said');

    assert.match(parseFailure(await onTarget('rollback', String(one.runId), '--json'), 1).remedy, new RegExp(String(two.runId)));
    assert.equal((await onTarget('rollback', String(two.runId))).code, 0);
    assert.equal((await onTarget('rollback', String(one.runId), '--purge')).code, 0);
    assert.equal(
      await cluster.psql(`SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`, database),
      '0',
    );
    assertNoSecret(secrets, said.join('\n'), 'what the commands said');
  });
});
