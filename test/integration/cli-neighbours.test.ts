import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { NeighboursDocument } from '../../src/cli/output/neighbours-document.ts';
import { postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { startEmbeddingServer, type EmbeddingServer } from '../helpers/embedding-server.ts';
import { notesEmbed, notesPlan } from '../helpers/notes-plan.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';
import { parseFailure, parseJson, parseRun, runCli, type CliOutcome } from '../helpers/run-cli.ts';
import { embedByWords } from '../helpers/word-vectors.ts';

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
    [[...reports, '--text', 'water'], 2, 'bad-usage', /needs an embedding endpoint and its model/],
    [[...reports, '--text', 'water', '--endpoint', 'http://127.0.0.1:1/v1'], 2, 'bad-usage', /needs an embedding endpoint and its model/],
    [
      [...reports, '--text', 'water', '--endpoint', 'http://u:p@127.0.0.1:1/v1', '--model', 'm'],
      2,
      'bad-embedding-endpoint',
      /user name or a password/,
    ],
    [[...reports, '--id', '1', '--text', 'water'], 2, 'bad-usage', /--id and --text exclude each other/],
    [[...reports, '--id', '1', '--source', 'x.sluice.json'], 2, 'path-not-found', /x\.sluice\.json/],
    [[...reports, '--vector', '[1,2,3]', '--filter', 'nope = 1'], 1, 'filter-refused', /column "nope" does not exist/],
    [[...reports, '--vector', '[1,2,3]', '--effort', '1001'], 2, 'bad-usage', /hnsw\.ef_search takes a whole number from 1 to 1000/],
    [[...reports, '--vector', '[1,2,3]', '--metric', 'l1', '--suggest'], 2, 'bad-usage', /No vector index on column "embedding" serves l1/],
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

  it('keeps to a condition and to an effort', async () => {
    const words = [...reports, '--vector', '[1000, 1, 0]', '-k', '3', '--filter', 'place = 0 -- only these', '--effort', '77', '--json'];
    const found = parseJson(await sluice(...words)) as NeighboursDocument;
    assert.deepEqual(
      found.neighbours.map(({ key }) => key),
      [
        ['0', 'r1001'],
        ['0', 'r994'],
        ['0', 'r1008'],
      ],
    );
    assert.deepEqual(found.setting, { name: 'hnsw.ef_search', value: 77 });
  });

  it('suggests an effort from sampled rows', async () => {
    const words = [...reports, '--vector', '[1000, 1, 0]', '-k', '5', '--suggest', '--sample', '12'];
    const { suggestion } = parseJson(await sluice(...words, '--json')) as NeighboursDocument;
    assert.ok(suggestion !== null);
    assert.deepEqual(
      [suggestion.setting, suggestion.wanted, suggestion.sample.rows, suggestion.sample.of],
      ['hnsw.ef_search', 0.95, 12, 3_000],
    );
    assert.deepEqual(
      suggestion.points.map(({ value }) => value),
      [10, 20, 40, 80, 120, 200, 400],
    );
    // From some effort on reading every row is cheaper, and the planner knows.
    assert.ok(suggestion.points.every(({ recall, used }) => recall > 0 && recall <= 1 && (used === 12 || used === 0)));
    assert.equal(suggestion.points[0]?.used, 12);
    assert.equal(suggestion.suggested, suggestion.points.find(({ recall, error }) => recall - 1.645 * error >= 0.95)?.value);
    const again = parseJson(await sluice(...words, '--json')) as NeighboursDocument;
    assert.deepEqual(again.suggestion?.sample, suggestion.sample, 'the same rows each time');
    const { stdout } = await sluice(...words);
    assert.match(stdout, /\nRecall over 12 sampled rows of 3,000; exact [\d.]+ ms\n +hnsw\.ef_search +recall +ms\n/);
    assert.match(stdout, new RegExp(`suggested: --effort \\(hnsw\\.ef_search\\) ${suggestion.suggested}, the least that finds 95 %`));
  });

  it('does not make an embedded target by looking', async () => {
    const outcome = await runCli(['neighbours', '--target', 'embedded:/nonexistent/nowhere', ...reports, '--id', '1', '--json']);
    assert.equal(parseFailure(outcome, 2).code, 'no-embedded-target');
  });
});

describe('sluice neighbours by text and in the source', function () {
  this.timeout(120_000);
  const key = 'sk-never-to-be-seen';
  let folder: string;
  let target: CliTarget;
  let server: EmbeddingServer;
  const titles = [
    'the dog and the cat',
    'a cat and a mouse',
    'interest rate of the bank',
    'shares and the market',
    'the mouse and the dog',
  ];

  before(async function () {
    target = await postgresTarget(await requirePostgres(this));
    server = await startEmbeddingServer();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-neighbours-')));
    const store = new Database(join(folder, 'notes.db'));
    store.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, embedding BLOB)');
    const insert = store.prepare('INSERT INTO notes (title, embedding) VALUES (?, ?)');
    for (const title of titles) insert.run(title, Buffer.from(Float32Array.from(embedByWords(title)!).buffer));
    store.close();
    const plan = notesPlan('env:SLUICE_TEST_TARGET', true, { embed: notesEmbed });
    writeFileSync(join(folder, 'notes.sluice.json'), JSON.stringify(plan));
    parseRun(await sluice('run', 'notes.sluice.json', '--json'));
    await target.query('CREATE TABLE other (id int PRIMARY KEY, embedding vector(3))');
  });
  after(async () => {
    await target?.remove();
    await server?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => void (server.asked.length = 0));

  const sluice = (...words: string[]): Promise<CliOutcome> =>
    runCli(words, { cwd: folder, environment: { ...target.environment, SLUICE_EMBEDDING_KEY: key } });
  const notes = (...words: string[]): Promise<CliOutcome> =>
    sluice('neighbours', '--target', target.flag, '--table', 'notes', '--column', 'embedding', ...words);

  it('embeds the text once, sends the key to the endpoint and tells it nobody', async () => {
    const outcome = await notes('--text', 'the dog', '--endpoint', server.url, '--model', 'other', '-k', '2', '--json', '--verbose');
    assert.equal(outcome.code, 0, outcome.stderr);
    const found = parseJson(outcome) as NeighboursDocument;
    assert.deepEqual(
      found.neighbours.map(({ row }) => row['title']),
      ['the dog and the cat', 'the mouse and the dog'],
    );
    assert.deepEqual(server.asked, [{ path: '/v1/embeddings', authorization: `Bearer ${key}`, model: 'other', input: ['the dog'] }]);
    assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(key));
    assert.deepEqual([found.source, found.suggestion], [null, null]);
  });

  it('takes the model from the plan, and asks the source with the same vector', async () => {
    const outcome = await notes('--text', 'money', '--endpoint', server.url, '--source', 'notes.sluice.json', '-k', '3', '--json');
    assert.equal(outcome.code, 0, outcome.stderr);
    const { source } = parseJson(outcome) as NeighboursDocument;
    assert.deepEqual([source?.agrees, source?.sameOrder, source?.places, source?.rows, source?.query], [true, 3, 3, 5, null]);
    assert.deepEqual(
      source?.neighbours.map(({ targetRank }) => targetRank),
      [1, 2, 3],
    );
    assert.deepEqual(
      server.asked.map(({ model, input }) => [model, input]),
      [['glove', ['money']]],
    );
  });

  it('takes the target from the plan', async () => {
    const { code, stdout } = await sluice(
      'neighbours',
      '--table',
      'notes',
      '--column',
      'embedding',
      '--id',
      '1',
      '--source',
      'notes.sluice.json',
    );
    assert.equal(code, 0);
    assert.match(stdout, /\nsource and target agree: 4 of 4 in the same order, 4 rows of notes in \S+notes\.db compared\n$/);
  });

  it('ends with 4 when they differ, and says why', async () => {
    await target.query('DELETE FROM notes WHERE id = 5');
    try {
      const outcome = await notes('--id', '1', '--source', 'notes.sluice.json', '--json');
      assert.equal(outcome.code, 4);
      const { source } = JSON.parse(outcome.stdout) as NeighboursDocument;
      assert.deepEqual(
        source?.differences.map(({ reason, key: row, targetRank }) => [reason, row, targetRank]),
        [['missing-in-target', ['5'], null]],
      );
      const text = await notes('--id', '1', '--source', 'notes.sluice.json');
      assert.equal(text.code, 4);
      assert.match(text.stdout, /\nSOURCE AND TARGET DIFFER: 3 of 4 in the same order/);
      assert.match(text.stdout, / 5 +\d +- +[\d.]+ +- +the target does not have it +\S.*5\n$/);
    } finally {
      await target.query(`INSERT INTO notes SELECT 5, 'the mouse and the dog', '[${embedByWords(titles[4]!)!.join(',')}]'`);
    }
  });

  it('sends no text for a column that is not there, and refuses the vector of another model', async () => {
    const missing = await notes('--text', 'a dog', '--endpoint', server.url, '--model', 'glove', '--column', 'nope', '--json');
    assert.equal(parseFailure(missing, 1).code, 'no-such-target-column');
    assert.deepEqual(server.asked, []);
    const other = await notes('--table', 'other', '--text', 'a dog', '--endpoint', server.url, '--model', 'glove', '--json');
    const failure = parseFailure(other, 1);
    assert.equal(failure.code, 'embedding-dimensions-differ');
    assert.match(
      failure.message,
      /Model "glove" gives vectors of 100 dimensions, and column "embedding" of public\.other is made for those of 3/,
    );
    const empty = await notes('--text', ' ', '--endpoint', server.url, '--model', 'glove', '--json');
    assert.match(parseFailure(empty, 2).message, /text to search with is empty/);
  });
});
