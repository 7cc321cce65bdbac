import assert from 'node:assert/strict';
import type { NeighboursDocument } from '../../src/cli/output/neighbours-document.ts';
import { postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseFailure, parseJson, runCli, type CliOutcome } from '../helpers/run-cli.ts';

describe('sluice neighbours', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let target: CliTarget;

  before(async function () {
    cluster = await requirePostgres(this);
    target = await postgresTarget(cluster);
    const database = new URL(target.environment['SLUICE_TEST_TARGET']!).pathname.slice(1);
    await cluster.psql(
      `CREATE EXTENSION vector;
       CREATE TABLE reports (id text, place int, title text, note text, embedding vector(3), PRIMARY KEY (place, id));
       INSERT INTO reports SELECT 'r' || i, i % 7, E'title\\t' || i, repeat('x', i), ('[' || i || ',1,' || i % 5 || ']')::vector FROM generate_series(1, 3000) AS i;
       CREATE INDEX reports_embedding ON reports USING hnsw (embedding vector_l2_ops);
       CREATE TABLE keyless (embedding vector(2));
       INSERT INTO keyless VALUES ('[1,0]'), ('[0,1]');
       ANALYZE;`,
      database,
    );
  });
  after(() => target?.remove());

  const sluice = (...words: string[]): Promise<CliOutcome> =>
    runCli(['neighbours', '--target', target.flag, ...words], { environment: target.environment });
  const reports = ['--table', 'public.reports', '--column', 'embedding'];

  it('prints the contract as JSON', async () => {
    const found = parseJson(await sluice(...reports, '--vector', '[1000, 1, 0]', '-k', '3', '--recall', '--json')) as NeighboursDocument;
    assert.deepEqual([found.table, found.column, found.metric, found.recall], ['public.reports', 'embedding', 'l2', 1]);
    assert.deepEqual(found.index, { name: 'reports_embedding', method: 'hnsw', used: true, form: 'hnsw', candidates: null });
    assert.ok(found.seconds > 0);
    assert.deepEqual(
      found.neighbours.map(({ key, distance, similarity }) => [key, distance, similarity]),
      [
        [['6', 'r1000'], 0, 1],
        [['0', 'r1001'], Math.SQRT2, 1 / (1 + Math.SQRT2)],
        [['1', 'r1002'], Math.sqrt(8), 1 / (1 + Math.sqrt(8))],
      ],
    );
    assert.deepEqual(found.neighbours[0]?.row, { id: 'r1000', place: '6', title: 'title\t1000', note: `${'x'.repeat(300)}…` });
  });

  it('takes a composite key in its order, and leaves recall out unless asked', async () => {
    const found = parseJson(await sluice(...reports, '--id', '6', '--id', 'r1000', '-k', '1', '--json')) as NeighboursDocument;
    assert.deepEqual([found.neighbours.map(({ key }) => key), found.recall], [[['0', 'r1001']], null]);
    const exact = parseJson(
      await sluice(...reports, '--id', '6', '--id', 'r1000', '--exact', '--metric', 'l1', '--json'),
    ) as NeighboursDocument;
    assert.deepEqual([exact.index, exact.warning, exact.metric, exact.neighbours.length], [null, null, 'l1', 10]);
  });

  it('prints a table for people', async () => {
    const { stdout, stderr, code } = await sluice(...reports, '--id', '6', '--id', 'r1000', '-k', '2', '--recall');
    assert.deepEqual([stderr, code], ['', 0]);
    assert.match(
      stdout,
      /^public\.reports, column embedding \(3 dimensions\), 3,000 rows with a vector\nmetric l2; index reports_embedding \(hnsw\); [\d.]+ ms; recall@2 1\.00\n\n/,
    );
    assert.match(
      stdout,
      / rank {2}distance {2}similarity {2}id +place {2}title +note\n +1 +1\.4142 +0\.414 {2}r1001 +0 {2}title 1001 {2}x{39}…\n/,
    );
    const keyless = await sluice('--table', 'keyless', '--column', 'embedding', '--id', '(0,1)');
    assert.match(
      keyless.stdout,
      /1 +1\.0000 +0\.000 {2}\(0,2\)\n\nColumn embedding has no vector index, so each search reads all 2 rows\.\n$/,
    );
  });

  const failures: readonly (readonly [words: readonly string[], code: number, error: string, text: RegExp])[] = [
    [[...reports], 2, 'bad-usage', /nothing to start from/],
    [[...reports, '--id', '1', '--vector', '[1]'], 2, 'bad-usage', /exclude each other/],
    [[...reports, '--text', 'water'], 1, 'unsupported-option', /--text.*embedding endpoint.*not there yet/],
    [[...reports, '--id', '1', '--source', 'x.sluice.json'], 1, 'unsupported-option', /--source is not there yet/],
    [[...reports, '--vector', '[1, 2]'], 1, 'vector-dimensions-differ', /has 2 dimensions, .* has 3/],
    [['--table', 'nope', '--column', 'embedding', '--id', '1'], 1, 'no-such-target-table', /public\.nope/],
    [[...reports, '--vector', '[1,2,3]', '-k', '0'], 2, 'bad-usage', /at least 1/],
    [[...reports, '--vector', '[1,2,3]', '--metric', 'hamming'], 2, 'bad-usage', /hamming/],
  ];
  for (const [words, code, error, text] of failures) {
    it(`refuses ${words.slice(4).join(' ') || 'nothing'}`, async () => {
      const failure = parseFailure(await sluice(...words, '--json'), code);
      assert.equal(failure.code, error);
      assert.match(failure.message, text);
    });
  }

  it('does not make an embedded target by looking', async () => {
    const outcome = await runCli(['neighbours', '--target', 'embedded:/nonexistent/nowhere', ...reports, '--id', '1', '--json']);
    assert.equal(parseFailure(outcome, 2).code, 'no-embedded-target');
  });
});
