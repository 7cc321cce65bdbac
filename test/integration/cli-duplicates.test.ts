import assert from 'node:assert/strict';
import type { ColumnAdvice, VectorHealth } from '../../src/core/index.ts';
import type { DuplicatesDocument } from '../../src/cli/output/duplicates-document.ts';
import { postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseFailure, parseJson, runCli, type CliOutcome } from '../helpers/run-cli.ts';

describe('sluice duplicates and health', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let target: CliTarget;

  before(async function () {
    cluster = await requirePostgres(this);
    target = await postgresTarget(cluster);
    const database = new URL(target.environment['SLUICE_TEST_TARGET']!).pathname.slice(1);
    await cluster.psql(
      `CREATE EXTENSION vector;
       CREATE TABLE reports (id text PRIMARY KEY, embedding vector(2));
       INSERT INTO reports VALUES ('r1', '[1,0]'), ('r2', '[0.6,0.8]'), ('r3', '[1,0]'), ('r4', NULL);
       CREATE TABLE lists (id int PRIMARY KEY, numbers real[]);
       INSERT INTO lists VALUES (1, '{1,0}'), (2, '{0,1}'), (3, '{1}');`,
      database,
    );
  });
  after(() => target?.remove());

  const sluice = (command: string, ...words: string[]): Promise<CliOutcome> =>
    runCli([command, '--target', target.flag, ...words], { environment: target.environment });
  const reports = ['--table', 'reports', '--column', 'embedding'];

  it('prints the pairs as JSON with progress beside', async () => {
    const outcome = await sluice('duplicates', ...reports, '--threshold', '0.5', '--limit', '1', '--json', '--progress', 'ndjson');
    const { seconds, ...found } = parseJson(outcome) as DuplicatesDocument;
    assert.ok(seconds > 0);
    assert.deepEqual(found, {
      table: 'public.reports',
      column: 'embedding',
      metric: 'cosine',
      threshold: 0.5,
      key: ['id'],
      rows: 3,
      index: null,
      exact: true,
      compared: 3,
      zeroVectors: 0,
      count: 3,
      pairs: [{ a: ['r1'], b: ['r3'], similarity: 1 }],
      into: null,
      warning: null,
    });
    const events = outcome.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(events[0], { type: 'phase', phase: 'search' });
    assert.deepEqual([events.at(-1).type, events.at(-1).rows, events.at(-1).totalRows], ['progress', 3, 3]);
  });

  it('fills a table and says so, the second time without a change', async () => {
    const words = [...reports, '--threshold', '0.9', '--into', 'related_reports'];
    const first = await sluice('duplicates', ...words);
    assert.deepEqual([first.code, first.stderr], [0, 'comparing vectors\n']);
    assert.match(
      first.stdout,
      /^public\.reports, column embedding, 3 rows with a vector\nmetric cosine; exact: every row compared; [\d.]+ s\n/,
    );
    assert.match(
      first.stdout,
      /\n1 pair with a similarity of at least 0\.9\n\n {2}similarity {2}id {2}other id\n {4}1\.000000 {2}r1 {2}r3\n/,
    );
    assert.match(
      first.stdout,
      /public\.related_reports \(report_id, related_report_id, similarity_score\), made by this command: 1 inserted, 0 updated, 0 unchanged\n$/,
    );
    const second = await sluice('duplicates', ...words);
    assert.match(second.stdout, /similarity_score\): 0 inserted, 0 updated, 1 unchanged\n$/);
    assert.deepEqual(await target.query(`SELECT report_id || related_report_id || similarity_score FROM related_reports`), ['r1r31']);
  });

  it('leaves the pairs of others as they are with --keep, whichever way round', async () => {
    await target.query(
      `CREATE TABLE linked (report_id text, related_report_id text, similarity_score real);
       INSERT INTO linked VALUES ('r3', 'r1', 0.25)`,
    );
    const words = [...reports, '--threshold', '0.5', '--into', 'linked', '--keep'];
    const all = `SELECT report_id || related_report_id || similarity_score FROM linked ORDER BY 1`;
    assert.match((await sluice('duplicates', ...words)).stdout, /: 2 inserted, 0 updated, 1 unchanged\n$/);
    const filled = await target.query(all);
    assert.deepEqual(filled, ['r1r20.6', 'r2r30.6', 'r3r10.25']);
    assert.match((await sluice('duplicates', ...words)).stdout, /: 0 inserted, 0 updated, 3 unchanged\n$/);
    assert.deepEqual(await target.query(all), filled);
  });

  it('advises an index, as text and as JSON', async () => {
    const told = await sluice('advise', ...reports);
    assert.deepEqual([told.code, told.stderr], [0, '']);
    assert.match(
      told.stdout,
      /^public\.reports, column embedding vector\(2\), 3 vectors in 4 rows\n\nadvice: no index\n {2}No index is needed yet/,
    );
    assert.match(told.stdout, /\n {2}All 3 vectors are of norm 1, so the inner product orders them as cosine distance does/);
    assert.match(
      told.stdout,
      /\nwhen there are more rows:\n {2}CREATE INDEX CONCURRENTLY ON "public"\."reports" USING hnsw \("embedding" "public"\."vector_ip_ops"\)/,
    );
    assert.match(told.stdout, /there is no index for vectors on this column\n$/);
    const { advice } = parseJson(await sluice('advise', ...reports, '--metric', 'l2', '--json')) as ColumnAdvice;
    assert.deepEqual([advice.metric, advice.index?.opclass, advice.method], ['l2', 'vector_l2_ops', 'none']);
  });

  it('says what is healthy and what is not, by exit code as well', async () => {
    const well = await sluice('health', ...reports);
    assert.deepEqual([well.code, well.stderr], [0, '']);
    assert.match(
      well.stdout,
      /^public\.reports, column embedding vector\(2\), 3 vectors in 4 rows\nnorms 1 \/ 1 \/ 1 \(least, median, most\)\n\n/,
    );
    assert.match(well.stdout, /\n {2}warning {2}2 rows share their vector with another one, in 1 group\.\n +id: r1, r3\n/);
    const { stdout, code } = await sluice('health', '--table', 'lists', '--column', 'numbers', '--json');
    const ill = JSON.parse(stdout) as VectorHealth;
    assert.deepEqual([code, ill.healthy, ill.checks[0]?.state, ill.checks[0]?.examples], [4, false, 'problem', [['3']]]);
  });

  const failures: readonly (readonly [words: readonly string[], code: number, error: string, text: RegExp])[] = [
    [['duplicates', ...reports, '--threshold', '2'], 2, 'bad-usage', /With metric cosine the threshold is a similarity/],
    [['duplicates', ...reports, '--threshold', 'near'], 2, 'bad-usage', /must be a number/],
    [['duplicates', ...reports, '--threshold', '0.9', '--into-columns', 'a,b,c'], 2, 'bad-usage', /--into-columns names the columns/],
    [['duplicates', ...reports, '--threshold', '0.9', '--keep'], 2, 'bad-usage', /--keep is about the pairs/],
    [['advise', '--table', 'lists', '--column', 'numbers'], 1, 'not-a-vector-column', /numbers/],
    [['duplicates', ...reports, '--threshold', '0.9', '--into', 'lists'], 1, 'pair-table-unfit', /no columns report_id/],
    [['health', '--table', 'nope', '--column', 'embedding'], 1, 'no-such-target-table', /public\.nope/],
  ];
  for (const [[command, ...words], code, error, text] of failures) {
    it(`refuses ${command} ${words.slice(2).join(' ')}`, async () => {
      const failure = parseFailure(await sluice(command!, ...words, '--json'), code);
      assert.equal(failure.code, error);
      assert.match(failure.message, text);
    });
  }
});
