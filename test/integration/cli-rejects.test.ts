import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RejectsResult, Verification } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { describeOutcome, parseFailure, parseJson, parseRun, runCli, type CliOutcome } from '../helpers/run-cli.ts';

describe('sluice rejects', function () {
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
    const store = new Database(join(folder, 'shop.db'));
    store.exec(`
      CREATE TABLE orders (id INTEGER PRIMARY KEY, amount INTEGER, note TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO orders SELECT i, i, 'note ' || i FROM n;
      UPDATE orders SET amount = 'esc' || char(27) || '[31m' WHERE id = 7;
      UPDATE orders SET amount = 'long ' || hex(zeroblob(3000)) WHERE id = 8;
      UPDATE orders SET note = 'nul' || char(0) WHERE id = 9;
      UPDATE orders SET amount = x'00ff' WHERE id = 10;`);
    store.close();
  });
  afterEach(async () => {
    await target.remove();
    rmSync(folder, { recursive: true });
  });

  const sluice = (...words: string[]): Promise<CliOutcome> => runCli(words, { cwd: folder, environment: target.environment });
  const firstRun = async (): Promise<string> => {
    await sluice('plan', 'shop.db', '-o', 'shop.sluice.json', '--target', target.flag);
    return parseRun(await sluice('run', 'shop.sluice.json', '--on-reject', 'quarantine', '--json'), 3).runId;
  };
  const mend = (change: (plan: PlanInput) => void): void => {
    const file = join(folder, 'shop.sluice.json');
    const plan = JSON.parse(readFileSync(file, 'utf8')) as PlanInput;
    change(plan);
    writeFileSync(file, JSON.stringify(plan, null, 2));
  };

  it('lists them for people: by table and column, with control characters made visible and long values cut', async () => {
    const id = await firstRun();
    const listed = await sluice('rejects', id, '--target', target.flag);
    assert.equal(listed.code, 0, describeOutcome(listed));
    assert.ok(!listed.stdout.includes('\u001b'), 'an escape went to the terminal');
    assert.match(listed.stdout, new RegExp(`^run ${id} \\(partial\\): 4 rows rejected\n`));
    assert.match(listed.stdout, /public\.orders, column amount: 3 rows\n {2}where +reason +original\n/);
    assert.match(listed.stdout, / rowid 7 +wrong-type: a text of 8 characters is not an integer +esc\\x1b\[31m\n/);
    assert.match(listed.stdout, / rowid 8 .* long 0{55}… \(5\.9 KiB\)\n/);
    assert.match(listed.stdout, / rowid 10 .* \\x00ff\n/);
    assert.match(listed.stdout, /public\.orders, column note: 1 row\n[^]* rowid 9 +nul-byte: .* nul\\x00\n/);
    assert.match(
      listed.stdout,
      new RegExp(`mend the plan and retry +\\S.* rejects ${id} --target env:SLUICE_TEST_TARGET --retry --plan PLAN`),
    );
  });

  it('lists whole values in JSON, and retries in steps: 3 while rows are rejected, 0 with the last one', async () => {
    const id = await firstRun();
    const { rejects, ...rest } = parseJson(await sluice('rejects', id, '--target', target.flag, '--json')) as RejectsResult;
    assert.deepEqual(rest, {
      runId: id,
      status: 'partial',
      tables: [{ table: 'public.orders', rejects: 4, retried: 0, source: 'main', from: 'orders', location: join(folder, 'shop.db') }],
      orphans: [],
    });
    assert.deepEqual(
      rejects.map(({ table, provenance, column, code, value }) => [table, provenance, column, code, value?.length]),
      [
        ['public.orders', 'rowid 7', 'amount', 'wrong-type', 8],
        ['public.orders', 'rowid 8', 'amount', 'wrong-type', 6005],
        ['public.orders', 'rowid 9', 'note', 'nul-byte', 4],
        ['public.orders', 'rowid 10', 'amount', 'wrong-type', 6],
      ],
    );

    mend((plan) => (plan.options = { ...plan.options, nulBytes: 'strip' }));
    const first = await sluice('rejects', id, '--retry', '--plan', 'shop.sluice.json', '--json');
    assert.equal(first.code, 3, describeOutcome(first));
    const partial = parseJson(first) as RejectsResult & { retried: number; verification: Verification };
    assert.deepEqual([partial.runId, partial.status, partial.retried, partial.rejects.length], [id, 'partial', 1, 3]);
    assert.equal(partial.verification.status, 'match');

    mend((plan) => {
      const amount = plan.tables[0]?.columns?.find(({ to }) => to === 'amount');
      Object.assign(amount ?? {}, { type: 'text', convert: null });
    });
    const second = await sluice('rejects', id, '--retry', '--plan', 'shop.sluice.json');
    assert.equal(second.code, 3, describeOutcome(second));
    assert.match(second.stdout, new RegExp(`^run ${id} is partial: 2 rows went in, 1 row rejected\n\nverification: match\n`));
    assert.match(second.stdout, /rowid 10 +wrong-type: a blob of 2 bytes is not text +\\x00ff/);

    mend((plan) => {
      const amount = plan.tables[0]?.columns?.find(({ to }) => to === 'amount');
      Object.assign(amount ?? {}, { convert: 'blob-text' });
      plan.options = { ...plan.options, invalidText: 'latin1' };
    });
    const last = await sluice('rejects', id, '--retry', '--plan', 'shop.sluice.json');
    assert.equal(last.code, 0, describeOutcome(last));
    assert.match(last.stdout, new RegExp(`^run ${id} is done: 1 row went in, 0 rows rejected\n`));
    const none = await sluice('rejects', id, '--target', target.flag);
    assert.match(none.stdout, new RegExp(`^run ${id} \\(done\\): no row is rejected\n4 rows went in by a retry\n`));
    const verified = await sluice('verify', 'shop.sluice.json', '--json');
    assert.equal(verified.code, 0, describeOutcome(verified));
  });

  it('S44 one bad row of 200,000: the others are loaded, and the exit code is 3', async () => {
    const store = new Database(join(folder, 'many.db'));
    store.exec(`
      CREATE TABLE item (id INTEGER PRIMARY KEY, weight REAL);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) INSERT INTO item SELECT i, i / 8.0 FROM n;
      UPDATE item SET weight = 'heavy' WHERE id = 100000;`);
    store.close();
    const started = performance.now();
    const run = parseRun(await sluice('run', 'many.db', '--target', target.flag, '--on-reject', 'quarantine', '--json'), 3);
    const seconds = (performance.now() - started) / 1000;
    assert.deepEqual([run.status, run.rejects, run.tables[0]?.rowsRead, run.tables[0]?.rowsWritten], ['partial', 1, 200_000, 199_999]);
    assert.equal(run.verification.status, 'match');
    assert.ok(seconds < 60, `it took ${seconds} s`);
  });

  it('says what is wrong with a call', async () => {
    const id = await firstRun();
    assert.equal(parseFailure(await sluice('rejects', 'r-000000000000', '--target', target.flag, '--json')).code, 'no-such-run');
    assert.equal(parseFailure(await sluice('rejects', id, '--plan', 'shop.sluice.json', '--json'), 2).code, 'bad-usage');
    assert.equal(parseFailure(await sluice('rejects', id, '--retry', '--plan', 'shop.db', '--json'), 2).code, 'bad-usage');
    mend((plan) => (plan.tables[0]!.columns = plan.tables[0]!.columns?.slice(1) ?? []));
    const failed = await sluice('rejects', id, '--retry', '--plan', 'shop.sluice.json', '--target', target.flag);
    assert.equal(failed.code, 2, describeOutcome(failed));
    await sluice('rollback', id, '--target', target.flag);
    assert.equal(parseFailure(await sluice('rejects', id, '--retry', '--target', target.flag, '--json')).code, 'not-retryable');
  });
});
