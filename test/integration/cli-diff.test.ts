import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { SchemaDiff } from '../../src/core/index.ts';
import { postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { describeOutcome, parseFailure, parseJson, runCli, type CliOutcome } from '../helpers/run-cli.ts';

describe('sluice diff', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let target: CliTarget;
  let folder: string;

  before(async function () {
    cluster = await requirePostgres(this);
    target = await postgresTarget(cluster);
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-diff-')));
    const store = new Database(join(folder, 'shop.db'));
    store.exec(
      "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL); CREATE INDEX by_name ON item (name); INSERT INTO item VALUES (1, 'a')",
    );
    store.close();
    assert.equal((await sluice('plan', 'shop.db', '-o', 'shop.sluice.json')).code, 0);
  });
  after(async () => {
    await target?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const sluice = (...words: string[]): Promise<CliOutcome> => runCli(words, { cwd: folder, environment: target.environment });
  const diff = (...words: string[]): Promise<CliOutcome> => sluice('diff', 'shop.sluice.json', '--target', target.flag, ...words);

  it('says what is missing, and how to go on', async () => {
    const outcome = await diff();
    assert.equal(outcome.code, 0, describeOutcome(outcome));
    assert.match(outcome.stdout, /^plan against env:SLUICE_TEST_TARGET: 1 object missing\n {2}\+ table public\.item\n/);
    assert.match(outcome.stdout, /run it +.* run shop\.sluice\.json --target env:SLUICE_TEST_TARGET\n/);
    assert.equal((await diff('--exit-code')).code, 1);
  });

  it('--format sql is a script that makes the difference go away', async () => {
    const outcome = await diff('--format', 'sql');
    assert.equal(outcome.code, 0, describeOutcome(outcome));
    await cluster.psql(outcome.stdout, new URL(target.environment['SLUICE_TEST_TARGET'] as string).pathname.slice(1));
    const same = await diff('--exit-code');
    assert.equal(same.code, 0, describeOutcome(same));
    assert.match(same.stdout, /no differences\n\nwarnings:\n {2}public\.item is there already/);
    assert.match(same.stdout, /compare the rows +.* verify shop\.sluice\.json/);
  });

  it('--json is one document', async () => {
    await target.query('ALTER TABLE public.item ADD COLUMN extra text');
    const found = parseJson(await diff('--json')) as SchemaDiff & { targetHash: string };
    assert.deepEqual(Object.keys(found), ['adds', 'deletes', 'alters', 'statements', 'warnings', 'targetHash']);
    assert.deepEqual(found.deletes, [{ kind: 'column', name: 'public.item.extra', table: 'public.item', before: 'text', after: null }]);
    assert.deepEqual(parseJson(await diff('--format', 'json')), found);
    assert.equal((await diff('--exit-code')).code, 1);
  });

  it('a target that cannot be reached is a failure', async () => {
    const outcome = await sluice('diff', 'shop.sluice.json', '--target', 'postgresql://postgres@127.0.0.1:1/x', '--json');
    assert.equal(parseFailure(outcome).code, 'server-not-running');
  });
});
