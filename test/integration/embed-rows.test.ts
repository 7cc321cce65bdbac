import assert from 'node:assert/strict';
import { MigrationError } from '../../src/core/errors.ts';
import type { EmbeddingResult } from '../../src/core/model/embedding.ts';
import { missingEmbeddings } from '../../src/core/run/embed-column.ts';
import { backfillEmbeddings, type EmbeddingWish } from '../../src/core/vectors/embedding/backfill-embeddings.ts';
import { startEmbeddingServer, type EmbeddingServer, type Fault } from '../helpers/embedding-server.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

/** Two subjects, three texts each; a text without words; one that is NULL. */
const texts: readonly (string | null)[] = [
  'The dog and the cat sleep in the garden',
  'A small cat runs after the mouse',
  'Horses and dogs are animals of the farm',
  'The bank raised its interest rate again',
  'Investors sold shares and the market fell',
  'The company reported a loss for the quarter',
  '   ',
  null,
];

describeOnTargets('embedding backfill', (target) => {
  let server: EmbeddingServer;
  const log: string[] = [];
  const note = (text: string): void => void log.push(text);

  before(async () => {
    server = await startEmbeddingServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    server.asked.length = 0;
    server.faults.length = 0;
    server.longest = Number.POSITIVE_INFINITY;
    log.length = 0;
    await target().query(`DROP TABLE IF EXISTS notes;
      CREATE TABLE notes (part text COLLATE "C", id bigint, title text, body varchar(200), embedding vector(100), PRIMARY KEY (part, id))`);
    for (const [i, text] of texts.entries())
      await target().query('INSERT INTO notes (part, id, title) VALUES ($1, $2, $3)', [i % 2 === 0 ? 'b' : 'A', i + 1, text]);
  });

  const backfill = (wish: Partial<EmbeddingWish> = {}, rows: (count: number) => void = () => undefined): Promise<EmbeddingResult> =>
    backfillEmbeddings(
      {
        schema: 'public',
        table: 'notes',
        column: 'embedding',
        from: ['title'],
        model: 'glove',
        dimensions: null,
        address: `${server.url}/embeddings`,
        key: null,
        timeoutSeconds: 20,
        batchRows: 3,
        batchCharacters: 10_000,
        concurrency: 2,
        firstPause: 1,
        signal: new AbortController().signal,
        ...wish,
      },
      target(),
      {
        clock: { now: () => Date.now(), elapsed: () => performance.now() },
        log: { debug: note, info: note, warn: note, error: note },
        onStart: () => undefined,
        onRows: rows,
      },
    );
  const column = async (sql: string): Promise<readonly string[]> =>
    (await target().query(sql)).rows.map((row) => String(Object.values(row)[0]));
  const filled = (): Promise<readonly string[]> => column('SELECT id FROM notes WHERE embedding IS NOT NULL ORDER BY id');
  const fails = async (work: Promise<unknown>, code: string, words: RegExp): Promise<MigrationError> => {
    const error = await work.then(
      () => assert.fail(`expected ${code}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof MigrationError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    return error;
  };

  it('counts what it would have to do without asking anybody', async () => {
    await target().query(`UPDATE notes SET embedding = (SELECT array_agg(1)::vector FROM generate_series(1, 100)) WHERE id = 1`);
    const name = { schema: 'public', table: 'notes', column: 'embedding' };
    const request = { ...name, from: ['title'], target: { kind: 'embedded', directory: '', name: '' } as const };
    assert.deepEqual(await missingEmbeddings(request, target()), { table: 'public.notes', dimensions: 100, missing: 7, embedded: 1 });
    await assert.rejects(missingEmbeddings({ ...request, from: ['nothing'] }, target()), { code: 'no-such-target-column' });
    assert.equal(server.asked.length, 0);
  });

  it('puts each text where its words are, leaves rows without one, and changes nothing a second time', async () => {
    let told = 0;
    const found = await backfill({}, (rows) => (told += rows));
    const { missing, embedded, empty, refused, changed, dimensions, requests, retries } = found;
    assert.deepEqual([missing, embedded, empty, refused, changed, dimensions], [8, 6, 2, 0, 0, 100]);
    assert.deepEqual([requests, retries, told, found.tokens! > 40], [3, 0, 8, true]);
    assert.deepEqual(await filled(), ['1', '2', '3', '4', '5', '6']);
    for (const [row, subject] of ['123', '123', '123', '456', '456', '456'].entries()) {
      const near = await column(`SELECT other.id FROM notes AS own, notes AS other
        WHERE own.id = ${row + 1} AND other.id <> own.id AND other.embedding IS NOT NULL ORDER BY own.embedding <=> other.embedding LIMIT 2`);
      assert.deepEqual([...near, String(row + 1)].toSorted().join(''), subject, `neighbours of row ${row + 1}`);
    }
    server.asked.length = 0;
    const again = await backfill();
    assert.deepEqual([again.missing, again.embedded, again.empty, again.requests, again.tokens], [2, 0, 2, 0, null]);
    assert.deepEqual(server.asked, []);
  });

  it('joins columns, keeps to the bounds of a batch, and sends key and model', async () => {
    await target().query(`UPDATE notes SET body = 'money'; DELETE FROM notes WHERE id IN (2, 4)`);
    await backfill({ from: ['title', 'body'], key: 'sk-test', batchRows: 4, batchCharacters: 60, concurrency: 1 });
    assert.deepEqual(
      server.asked.map(({ input }) => input.length),
      [2, 1, 1, 2],
    );
    assert.deepEqual(server.asked[1]?.input, ['The dog and the cat sleep in the garden\nmoney']);
    assert.deepEqual(server.asked[3]?.input.at(-1), 'money');
    assert.deepEqual(
      [...new Set(server.asked.map(({ path, authorization, model }) => `${path} ${authorization} ${model}`))],
      ['/v1/embeddings Bearer sk-test glove'],
    );
  });

  const passing: readonly (readonly [name: string, faults: readonly Fault[]])[] = [
    ['429 that says when', [{ kind: 'status', status: 429, headers: { 'retry-after': '0.2' } }]],
    ['503 twice', Array.from({ length: 2 }, () => ({ kind: 'status', status: 503 }) as const)],
    ['500', [{ kind: 'status', status: 500, body: 'panic' }]],
    ['a connection that is cut', [{ kind: 'cut' }]],
  ];
  for (const [name, faults] of passing) {
    it(`tries again after ${name}`, async () => {
      server.faults.push(...faults);
      const began = performance.now();
      const { embedded, retries, requests } = await backfill();
      assert.deepEqual([embedded, retries, requests], [6, faults.length, 3 + faults.length]);
      if (name.startsWith('429')) assert.ok(performance.now() - began > 190);
      assert.ok(log.every((line) => /; trying again$/.test(line)) && log.length === faults.length, log.join('\n'));
    });
  }

  const narrow = (vectors: readonly number[][]): unknown[] => vectors.map((vector) => vector.slice(1));
  const lasting: readonly (readonly [name: string, fault: Fault, code: string, words: RegExp])[] = [
    [
      'another dimension',
      { kind: 'changed', change: narrow },
      'embedding-dimensions-differ',
      /"glove" gives vectors of 99 .* made for those of 100/,
    ],
    ['no JSON', { kind: 'body', body: '{"data": [' }, 'embedding-answer-malformed', /not JSON/],
    [
      'an answer too few',
      { kind: 'changed', change: (vectors) => vectors.slice(1) },
      'embedding-answer-malformed',
      /2 embeddings for 3 texts/,
    ],
    ['NaN', { kind: 'body', body: '{"data": [{"index": 0, "embedding": [0.1, NaN]}]}' }, 'embedding-not-finite', /NaN/],
    [
      'a wrong key',
      { kind: 'status', status: 401, body: '{"error": {"message": "Bad key sk-test."}}' },
      'embedding-key-refused',
      /Bad key …/,
    ],
    [
      'another model',
      { kind: 'status', status: 404, body: '{"error": {"message": "model \\"glove\\" not found"}}' },
      'no-such-embedding-model',
      /"glove"/,
    ],
    ['another page', { kind: 'status', status: 404, body: '<html>' }, 'embedding-endpoint-wrong', /no embedding endpoint \(status 404\)\./],
    [
      'a redirect',
      { kind: 'status', status: 307, headers: { location: 'http://elsewhere.test/x?key=1' } },
      'embedding-endpoint-wrong',
      /sends on to http:\/\/elsewhere\.test\/x;/,
    ],
    [
      'an empty account',
      { kind: 'status', status: 429, body: '{"error": {"code": "insufficient_quota"}}' },
      'embedding-endpoint-busy',
      /429/,
    ],
    ['a wait of an hour', { kind: 'status', status: 503, headers: { 'retry-after': '3600' } }, 'embedding-endpoint-busy', /3600 s/],
  ];
  for (const [name, fault, code, words] of lasting) {
    it(`writes nothing after ${name}`, async () => {
      server.faults.push(fault);
      const error = await fails(backfill({ key: 'sk-test' }), code, words);
      assert.equal(error.context['rowsCommitted'], 0);
      assert.ok(!JSON.stringify([error.message, error.context, log]).includes('sk-test'));
      assert.deepEqual([await filled(), server.asked.length], [[], 1]);
    });
  }

  it('says that nothing listens, and that nothing answers in time', async () => {
    const gone = await startEmbeddingServer();
    await gone.close();
    await fails(backfill({ address: `${gone.url}/embeddings` }), 'embedding-endpoint-unreachable', /nothing listens there/);
    server.faults.push({ kind: 'silence' }, { kind: 'silence' }, { kind: 'silence' });
    await fails(backfill({ timeoutSeconds: 0.1 }), 'embedding-endpoint-timeout', /within 0\.1 s/);
  });

  it('goes on where it was after a failure', async () => {
    server.faults.push({ kind: 'first', work: () => Promise.resolve() }, { kind: 'body', body: 'oops' });
    const error = await fails(backfill({ concurrency: 1 }), 'embedding-answer-malformed', /not JSON/);
    const before = await filled();
    assert.equal(before.length, error.context['rowsCommitted']);
    assert.ok(before.length > 0 && before.length < 6);
    const { missing, embedded } = await backfill();
    assert.deepEqual([missing, embedded, await filled()], [8 - before.length, 6 - before.length, ['1', '2', '3', '4', '5', '6']]);
  });

  it('leaves alone what others change, fill or delete meanwhile', async () => {
    const others = `UPDATE notes SET title = 'Rain' WHERE id = 1; UPDATE notes SET embedding = array_fill(1, ARRAY[100])::vector WHERE id = 2;
      DELETE FROM notes WHERE id = 3; UPDATE notes SET body = 'no matter' WHERE id = 4`;
    server.faults.push({ kind: 'first', work: async () => void (await target().query(others)) });
    const { embedded, changed } = await backfill({ batchRows: 20 });
    assert.deepEqual([embedded, changed], [3, 3]);
    assert.deepEqual(await column('SELECT id FROM notes WHERE embedding IS NULL AND title IS NOT NULL ORDER BY id'), ['1', '7']);
    assert.deepEqual(await column('SELECT embedding::text FROM notes WHERE id = 2'), [`[${new Array(100).fill(1).join(',')}]`]);
  });

  it('sets aside texts that are refused, and gives up when all are', async () => {
    server.longest = 40;
    const found = await backfill({ batchRows: 20 });
    assert.deepEqual([found.embedded, found.refused], [4, 2]);
    assert.deepEqual(found.refusals.map(({ key }) => key.join('/')).toSorted(), ['A/6', 'b/5']);
    assert.match(found.refusals[0]!.message, /longer than the context/);
    await target().query('UPDATE notes SET embedding = NULL');
    server.longest = 0;
    await fails(backfill(), 'embedding-text-refused', /refuses a text/);
  });

  it('ends within a second when it is cancelled, and says what is committed', async () => {
    const controller = new AbortController();
    let began = 0;
    const cancel = async (): Promise<void> => {
      began = performance.now();
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 1500).unref());
    };
    server.faults.push({ kind: 'first', work: () => Promise.resolve() }, { kind: 'first', work: cancel });
    const error = await fails(backfill({ signal: controller.signal, concurrency: 1 }), 'cancelled', /rows are committed and stay/);
    assert.ok(performance.now() - began < 1000);
    assert.deepEqual([(await filled()).length], [error.context['rowsCommitted']]);
  });

  it('ends as soon while it waits for another try', async () => {
    for (const [firstPause, retryAfter] of [
      [60_000, '0'],
      [1, '60'],
    ] as const) {
      const controller = new AbortController();
      server.faults.push({ kind: 'status', status: 503, headers: { 'retry-after': retryAfter } });
      const began = performance.now();
      setTimeout(() => controller.abort(), 100).unref();
      const error = await fails(backfill({ firstPause, signal: controller.signal }), 'cancelled', /0 rows are committed/);
      assert.ok(performance.now() - began < 1000, error.message);
    }
  });

  it('refuses tables and columns that cannot be filled', async () => {
    await target().query(`DROP TABLE IF EXISTS loose, half; DROP VIEW IF EXISTS seen;
      CREATE TABLE loose (title text, embedding vector(100));
      CREATE TABLE half (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text, embedding halfvec);
      INSERT INTO half (title) VALUES ('cat');
      CREATE VIEW seen AS SELECT * FROM notes`);
    await fails(backfill({ table: 'loose' }), 'embedding-table-unfit', /no primary key/);
    await fails(backfill({ table: 'seen' }), 'no-such-target-table', /seen/);
    await fails(backfill({ column: 'title' }), 'not-a-vector-column', /text/);
    await fails(backfill({ from: ['embedding'] }), 'embedding-table-unfit', /no text/);
    await fails(backfill({ from: ['nope'] }), 'no-such-target-column', /nope/);
    await fails(backfill({ dimensions: 384 }), 'embedding-dimensions-differ', /plan asks for vectors of 384 .* of 100/);
    assert.deepEqual(server.asked, []);
    assert.equal((await backfill({ table: 'half', dimensions: 100 })).embedded, 1);
    await target().query(`INSERT INTO half (title) VALUES ('dog')`);
    server.faults.push({ kind: 'changed', change: narrow });
    await fails(backfill({ table: 'half' }), 'embedding-dimensions-differ', /has some of 100/);
    server.faults.push({ kind: 'changed', change: (vectors) => vectors.map((vector) => vector.map(() => 70_000)) });
    await fails(backfill({ table: 'half' }), 'embedding-not-finite', /halfvec/);
  });
});
