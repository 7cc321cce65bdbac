import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { InspectResult, RunSummary, VerifyResult, RollBackResult } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import type { RunReport } from '../../src/core/report/run-report.ts';
import { postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseFailure, parseJson, parseRun, projectRoot, runCli, type CliOutcome } from '../helpers/run-cli.ts';

/** Three orders; one of their amounts is a text that no number column can take. */
function buildStore(path: string): void {
  const store = new Database(path);
  store.exec(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), amount INTEGER, note TEXT);
    INSERT INTO customers VALUES (1, 'Åse'), (2, 'Bo');
    INSERT INTO orders VALUES (1, 1, 10, 'a' || char(9) || 'b'), (2, 2, 20, NULL), (3, 2, 30, '');`);
  const insert = store.prepare('INSERT INTO orders VALUES (?, 1, ?, NULL)');
  for (let id = 4; id <= 200; id++) insert.run(id, id);
  store.close();
}

const secret = 'hunter2-secret';

describe('command line', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let target: CliTarget;
  let folder: string;

  before(async function () {
    cluster = await requirePostgres(this);
  });
  beforeEach(async () => {
    target = await postgresTarget(cluster);
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-cli-')));
    buildStore(join(folder, 'shop.db'));
  });
  afterEach(async () => {
    await target.remove();
    rmSync(folder, { recursive: true });
  });

  const sluice = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CliOutcome> =>
    runCli(words, { cwd: folder, environment: { ...target.environment, ...environment } });
  const onTarget = (...words: string[]): Promise<CliOutcome> => sluice([...words, '--target', target.flag]);
  const spoilOneAmount = (): void => {
    const store = new Database(join(folder, 'shop.db'));
    store.exec(`UPDATE orders SET amount = 'a lot' WHERE id = 7`);
    store.close();
  };

  it('goes from inspect to rollback, in JSON', async () => {
    const inspected = parseJson(await sluice(['inspect', 'shop.db', '--json'])) as InspectResult;
    assert.deepEqual(
      inspected.stores.map((store) => [store.kind, store.location, store.tables.map((table) => [table.name, table.rows])]),
      [
        [
          'sqlite',
          join(folder, 'shop.db'),
          [
            ['customers', 2],
            ['orders', 200],
          ],
        ],
      ],
    );
    const planned = parseJson(await sluice(['plan', 'shop.db', '-o', 'shop.sluice.json', '--target', target.flag, '--json'])) as PlanInput;
    assert.deepEqual([planned.version, planned.target.profile, planned.tables.length], [1, target.flag, 2]);
    assert.deepEqual(planned.sources, { main: { kind: 'sqlite', path: 'shop.db' } });

    // The plan names the target, so that no flag is needed.
    const run = parseRun(await sluice(['run', 'shop.sluice.json', '--json']));
    assert.deepEqual(
      [run.status, run.verification.status, run.rejects, run.sources],
      ['done', 'match', 0, { main: join(folder, 'shop.db') }],
    );
    assert.deepEqual(Object.keys(run.seconds), ['plan', 'preData', 'data', 'postData', 'verify', 'total']);

    for (const what of [run.runId, 'shop.sluice.json', 'shop.db']) {
      const outcome = await onTarget('verify', what, '--json');
      const verified = parseJson(outcome) as VerifyResult;
      assert.deepEqual([outcome.code, verified.status, verified.runId], [0, 'match', run.runId], what);
    }
    const { runs } = parseJson(await onTarget('runs', '--json')) as { runs: RunSummary[] };
    assert.deepEqual(
      runs.map((each) => [each.runId, each.status, each.rowsWritten, each.verification]),
      [[run.runId, 'done', 202, 'match']],
    );
    const report = parseJson(await onTarget('report', run.runId, '--json')) as RunReport;
    assert.deepEqual([report.runId, report.status, report.target.name, report.tables.length], [run.runId, 'done', target.flag, 2]);

    const rolledBack = parseJson(await onTarget('rollback', run.runId, '--purge', '--json')) as RollBackResult;
    assert.equal(rolledBack.runId, run.runId);
    assert.ok(rolledBack.dropped.includes('table public.orders'), rolledBack.dropped.join());
    assert.deepEqual(await target.query(`SELECT relname FROM pg_class WHERE relname IN ('orders', 'customers')`), []);
  });

  it('goes the same way by the commands that it prints', async () => {
    const followUp = (outcome: CliOutcome, purpose: string): string[] => {
      const line = new RegExp(`^ {2}${purpose} +node \\S+ (.*)$`, 'm').exec(outcome.stdout);
      assert.ok(line?.[1] !== undefined, `"${purpose}" in ${outcome.stdout}${outcome.stderr}`);
      return line[1].split(' ');
    };
    const inspected = await sluice(['inspect', 'shop.db']);
    assert.match(inspected.stdout, /orders: 200 rows; primary key \(id\); references \(customer_id\) → customers\(id\)/);
    const planned = await sluice([...followUp(inspected, 'make a plan'), '--target', target.flag]);
    assert.match(planned.stdout, /plan written: shop\.sluice\.json \(2 tables into schema public\)/);
    const checked = await sluice(followUp(planned, 'check it'));
    assert.match(checked.stdout, /nothing was created/);
    assert.deepEqual(await target.query(`SELECT nspname FROM pg_namespace WHERE nspname = 'sluice'`), []);
    const run = await sluice(followUp(checked, 'run it'));
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /run r-[0-9a-f]{12}: done; verified, every cell matches/);
    assert.match(run.stderr, /^loading rows$/m);
    assert.match((await sluice(followUp(run, 'verify again'))).stdout, /verification: match/);
    assert.match((await sluice(followUp(run, 'read the report'))).stdout, /^# Migration report: shop$/m);
    assert.match((await sluice(followUp(run, 'undo the run'))).stdout, /is rolled back\ndropped: \d+ objects/);
  });

  it('does not overwrite a plan that it was not told to', async () => {
    await sluice(['plan', 'shop.db']);
    const before = readFileSync(join(folder, 'shop.sluice.json'), 'utf8');
    const again = await sluice(['plan', 'shop.db']);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /shop\.sluice\.json exists already/);
    assert.equal((await sluice(['plan', 'shop.db', '--schema', 'shop', '-o', 'shop.sluice.json'])).code, 0);
    assert.notEqual(readFileSync(join(folder, 'shop.sluice.json'), 'utf8'), before);
  });

  it('writes reports in each format', async () => {
    const { runId } = parseRun(await onTarget('run', 'shop.db', '--json'));
    assert.equal((await onTarget('report', runId, '-o', 'report.md')).stdout, 'written: report.md\n');
    assert.match(readFileSync(join(folder, 'report.md'), 'utf8'), /## Cut-over and the way back/);
    await onTarget('report', runId, '-o', 'report.html');
    assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /^<!doctype html>/);
    await onTarget('report', runId, '--format', 'json', '-o', 'report.txt');
    assert.equal((JSON.parse(readFileSync(join(folder, 'report.txt'), 'utf8')) as RunReport).runId, runId);
    const nowhere = await onTarget('report', runId, '-o', 'no/such/folder/report.md', '--json');
    assert.equal(parseFailure(nowhere).code, 'cannot-write-file');
  });

  it('ends with 1 when rows would be rejected, 3 when they were, 4 when cells differ, 1 when it would overwrite', async () => {
    spoilOneAmount();
    const stopped = await onTarget('run', 'shop.db', '--json');
    assert.equal(parseFailure(stopped, 1).code, 'rejects-expected');
    assert.deepEqual(await target.query(`SELECT relname FROM pg_class WHERE relname = 'orders'`), []);

    const partial = parseRun(await onTarget('run', 'shop.db', '--on-reject', 'quarantine', '--json'), 3);
    assert.deepEqual([partial.status, partial.rejects, partial.verification.status], ['partial', 1, 'match']);

    await target.query(`UPDATE orders SET note = 'changed' WHERE id = 9`);
    const mismatch = await onTarget('verify', partial.runId, '--json');
    assert.equal(mismatch.code, 4);
    assert.deepEqual(
      (parseJson(mismatch) as VerifyResult).tables.map((table) => [table.table, table.different]),
      [
        ['public.customers', 0],
        ['public.orders', 1],
      ],
    );
    assert.match((await onTarget('verify', partial.runId)).stdout, /public\.orders key \(9\) different; note: NULL → changed/);

    const again = await onTarget('run', 'shop.db', '--on-reject', 'quarantine', '--json');
    assert.equal(parseFailure(again, 1).code, 'table-exists');
    const rollBack = await onTarget('rollback', partial.runId, '--json');
    assert.equal(parseFailure(rollBack, 1).code, 'rows-changed-since');
  });

  it('skips verification on request and says so', async () => {
    const run = await onTarget('run', 'shop.db', '--no-verify');
    assert.equal(run.code, 0);
    assert.match(run.stdout, /not verified[^]*verification: skipped/);
  });

  it('writes into tables that exist with --mode, and says in JSON what a roll back removed and restored', async () => {
    await target.query('CREATE TABLE public.customers (id bigint PRIMARY KEY, name varchar(10) NOT NULL, since date DEFAULT now())');
    await target.query(`INSERT INTO public.customers VALUES (1, 'Anna')`);
    const clash = await onTarget('run', 'shop.db', '--tables', 'customers', '--mode', 'append', '--json');
    const failure = parseFailure(clash, 1);
    assert.equal(failure.code, 'row-refused-by-server');
    assert.match(failure.message, /rowid 1\b/);
    const run = parseRun(await onTarget('run', 'shop.db', '--tables', 'customers', '--mode', 'upsert', '--json'));
    assert.deepEqual([run.status, run.verification.status, run.tables[0]?.rowsWritten], ['done', 'match', 2]);
    assert.equal((await onTarget('verify', String(run.runId), '--json')).code, 0);
    const undone = parseJson(await onTarget('rollback', String(run.runId), '--json')) as RollBackResult;
    assert.deepEqual([undone.restoredRows, undone.deletedRows, undone.dropped], [1, 1, []]);
    assert.deepEqual(await target.query('SELECT name FROM public.customers'), ['Anna']);
    const forgotten = parseRun(await onTarget('run', 'shop.db', '--tables', 'customers', '--mode', 'replace', '--no-undo', '--json'));
    assert.equal(forgotten.verification.status, 'match');
    assert.equal(parseFailure(await onTarget('rollback', String(forgotten.runId), '--json'), 1).code, 'run-without-undo');
    assert.equal(parseFailure(await onTarget('verify', String(forgotten.runId), '--json'), 1).code, 'run-without-undo');
  });

  it('syncs a plan with a store that grows: the second run writes what is new, and verify, report and rollback know it', async () => {
    await sluice(['plan', 'shop.db', '-o', 'shop.sluice.json', '--target', target.flag]);
    const sync = ['run', 'shop.sluice.json', '--mode', 'sync', '--on-reject', 'quarantine', '--json'];
    assert.equal(parseRun(await onTarget(...sync)).verification.status, 'match');
    const store = new Database(join(folder, 'shop.db'));
    store.exec(
      "INSERT INTO orders VALUES (201, 1, 5, 'new'); UPDATE customers SET name = 'Bea' WHERE id = 2; DELETE FROM orders WHERE id = 9;",
    );
    store.close();
    const run = parseRun(await onTarget(...sync));
    assert.deepEqual(
      run.tables.map(({ to, existing }) => [to, existing]),
      [
        ['public.customers', { mode: 'sync', inserted: 0, updated: 1, deleted: 0, leftAlone: 1, unchanged: 1, gone: 0 }],
        ['public.orders', { mode: 'sync', inserted: 1, updated: 0, deleted: 0, leftAlone: 200, unchanged: 199, gone: 1 }],
      ],
    );
    assert.deepEqual(
      run.warnings.map(({ code, table }) => [code, table]),
      [['rows-gone', 'public.orders']],
    );
    assert.equal((await onTarget('verify', String(run.runId), '--json')).code, 0);
    assert.match((await onTarget('report', String(run.runId))).stdout, /unchanged[^]*gone from source[^]*public\.orders/);
    const undone = parseJson(await onTarget('rollback', String(run.runId), '--json')) as RollBackResult;
    assert.deepEqual([undone.restoredRows, undone.deletedRows, undone.dropped], [1, 1, []]);
    assert.deepEqual(await target.query('SELECT name FROM public.customers WHERE id = 2'), ['Bo']);
  });

  it('a run that is refused makes no backup', async () => {
    await target.query('CREATE TABLE public.customers (id bigint)');
    assert.equal(parseFailure(await onTarget('run', 'shop.db', '--backup', 'copies', '--json'), 1).code, 'table-exists');
    assert.ok(!existsSync(join(folder, 'copies')));
  });

  it('keeps stdout to one JSON document and progress events to stderr', async () => {
    const outcome = await onTarget('run', 'shop.db', '--json', '--progress', 'ndjson');
    parseRun(outcome);
    const types = outcome.stderr
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    for (const type of ['phase', 'table', 'progress', 'done']) assert.ok(types.includes(type), `${type} in ${types.join()}`);
    assert.equal((await onTarget('runs', '--json', '--progress', 'none')).code, 2, 'only run shows progress on request');
  });

  it('ends quietly when nobody reads its output', () => {
    const main = join(projectRoot, 'src/cli/main.ts');
    const said = execFileSync('bash', ['-c', `set -o pipefail; "$0" "$1" inspect shop.db 2>&1 | head -1`, process.execPath, main], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.ok(said.length > 0 && !said.includes('EPIPE'));
  });

  describe('says what is wrong with a target, in words, and leaves no trace', () => {
    const failures: [string, (url: URL) => void, string][] = [
      ['a wrong password', (url) => ((url.username = 'sluice_reader'), (url.password = secret)), 'wrong-password'],
      ['no server', (url) => ((url.port = '1'), (url.password = secret)), 'server-not-running'],
      ['no such host', (url) => ((url.hostname = 'no-such-host.invalid'), (url.password = secret)), 'host-not-found'],
      ['no such database', (url) => ((url.pathname = '/nowhere'), (url.password = secret)), 'no-such-database'],
    ];
    for (const [name, change, code] of failures) {
      it(name, async () => {
        await cluster.psql(
          `DO $$ BEGIN CREATE ROLE sluice_reader LOGIN PASSWORD 'another'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
        );
        const url = new URL(target.environment['SLUICE_TEST_TARGET'] ?? '');
        change(url);
        const before = await target.dump();
        const calls: [string[], Record<string, string>][] = [
          [['run', 'shop.db', '--target', 'env:WRONG'], { WRONG: url.href }],
          [['run', 'shop.db', '--target', url.href], {}],
          [['doctor', '--target', 'env:WRONG'], { WRONG: url.href }],
        ];
        for (const [words, environment] of calls) {
          const outcome = await sluice([...words, '--json', '--verbose'], environment);
          const error = parseFailure(outcome, 1);
          assert.equal(error.code, code, error.message);
          assert.ok(error.remedy.length > 0);
          assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(secret), 'the password is nowhere');
        }
        assert.equal(await target.dump(), before);
      });
    }
    it('a missing privilege', async () => {
      await cluster.psql(
        `DO $$ BEGIN CREATE ROLE sluice_guest LOGIN PASSWORD '${secret}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
      );
      const url = new URL(target.environment['SLUICE_TEST_TARGET'] ?? '');
      [url.username, url.password] = ['sluice_guest', secret];
      const outcome = await sluice(['run', 'shop.db', '--target', 'env:GUEST', '--json'], { GUEST: url.href });
      assert.equal(parseFailure(outcome, 1).code, 'no-privilege');
      assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(secret));
    });
  });

  it('says that a file is no store, and creates nothing', async () => {
    writeFileSync(join(folder, 'notes.db'), 'buy milk\n');
    const before = await target.dump();
    for (const words of [
      ['inspect', 'notes.db'],
      ['plan', 'notes.db', '-o', 'notes.sluice.json'],
      ['run', 'notes.db', '--target', target.flag],
    ]) {
      assert.equal(parseFailure(await sluice([...words, '--json']), 1).code, 'unknown-store');
    }
    assert.ok(!existsSync(join(folder, 'notes.sluice.json')));
    assert.equal(await target.dump(), before);
  });

  it('doctor tells versions and what the target can do', async () => {
    const outcome = await onTarget('doctor', '--json');
    assert.equal(outcome.code, 0, outcome.stderr);
    const diagnosis = parseJson(outcome) as {
      healthy: boolean;
      natives: { problem: string | null }[];
      target: { capabilities: { vectorVersion: string | null } };
    };
    assert.equal(diagnosis.healthy, true);
    assert.ok(diagnosis.natives.every((part) => part.problem === null));
    assert.match(String(diagnosis.target.capabilities.vectorVersion), /^\d+\.\d+/);
    assert.match((await onTarget('doctor')).stdout, /^pgvector +\d/m);
    const nothing = await sluice(['doctor']);
    assert.match(nothing.stdout, /no embedded PostgreSQL yet/);
    const asked = await sluice(['doctor', '--target', 'embedded']);
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stdout, /^target +embedded.*made by the first run$/m);
    assert.match(asked.stdout, /^server +PostgreSQL \d+/m);
    assert.ok(!existsSync(join(folder, '.sluice')), 'looking makes nothing');
  });
});
