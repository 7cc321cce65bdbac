import assert from 'node:assert/strict';
import { MigrationError } from '../../src/core/errors.ts';
import type { DuplicatesResult } from '../../src/core/model/duplicates.ts';
import { checkHealth } from '../../src/core/vectors/check-health.ts';
import { findDuplicates, type DuplicateSearch } from '../../src/core/vectors/find-duplicates.ts';
import { formatVector } from '../../src/core/vectors/parse-vector.ts';
import { previewPairs } from '../../src/core/vectors/preview-pairs.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

const dimensions = 16;
const rows = 5_000;
/** Rows that are all near to each other: more than an index is asked for at first. */
const crowd = 150;

/** Pairs of near rows, and a crowd among them; the same each time. */
function clusteredVectors(): readonly Float32Array[] {
  let seed = 11;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const drawn = (): Float32Array => Float32Array.from({ length: dimensions }, () => random() * 2 - 1);
  const near = (centre: Float32Array): Float32Array => {
    const width = random() * 0.5;
    return centre.map((value) => value + (random() - 0.5) * width);
  };
  const centre = drawn();
  const crowded = Array.from({ length: crowd }, () => centre.map((value) => value + (random() - 0.5) * 0.05));
  const paired = Array.from({ length: (rows - crowd) / 2 }, drawn).flatMap((one) => [near(one), near(one)]);
  const every = 16;
  return paired.flatMap((vector, i) => (i % every === 0 && i / every < crowd ? [crowded[i / every]!, vector] : [vector]));
}

const vectors = clusteredVectors();

/** Pairs of row numbers (from 1) with a similarity of at least 0.9, in double precision. */
function bruteForce(): readonly { readonly pair: string; readonly similarity: number }[] {
  const unit = vectors.map((vector) => {
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return Float64Array.from(vector, (value) => value / norm);
  });
  const found: { pair: string; similarity: number }[] = [];
  for (let a = 0; a < rows; a += 1)
    for (let b = a + 1; b < rows; b += 1) {
      let similarity = 0;
      for (let i = 0; i < dimensions; i += 1) similarity += unit[a]![i]! * unit[b]![i]!;
      if (similarity >= 0.9) found.push({ pair: `${a + 1}/${b + 1}`, similarity });
    }
  return found;
}

/** The middle of the widest gap, so that float32 and double precision agree on what is above. */
function thresholdAmong(similarities: readonly number[]): number {
  const sorted = similarities.filter((value) => value > 0.96 && value < 0.985).sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, i) => ({ width: value - sorted[i]!, middle: (value + sorted[i]!) / 2 }));
  const widest = gaps.sort((a, b) => b.width - a.width)[0]!;
  assert.ok(widest.width > 2e-6, 'the data have a gap');
  return widest.middle;
}

describeOnTargets('duplicates', (target) => {
  const base: DuplicateSearch = {
    schema: 'public',
    table: 'reports',
    column: 'embedding',
    threshold: 0.9,
    metric: null,
    exact: false,
    limit: 1_000_000,
    into: null,
    signal: new AbortController().signal,
  };
  const find = (wish: Partial<DuplicateSearch>, tell: (done: number, total: number) => void = () => {}): Promise<DuplicatesResult> =>
    findDuplicates({ ...base, ...wish }, target(), () => 0, tell);
  const names = ({ pairs }: DuplicatesResult): readonly string[] => pairs.map(({ a, b }) => `${a.join('+')}/${b.join('+')}`);
  const related = { schema: 'public', table: 'related_reports', columns: null };

  async function fails(wish: Partial<DuplicateSearch>, code: string, words: RegExp): Promise<void> {
    const error = await find(wish).then(
      () => assert.fail(`expected ${code}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof MigrationError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
  }

  const all = bruteForce();
  const threshold = thresholdAmong(all.map(({ similarity }) => similarity));
  const expected = all.filter(({ similarity }) => similarity >= threshold);

  before(async () => {
    await target().query(`CREATE TABLE reports (id int PRIMARY KEY, embedding vector(${dimensions}))`);
    for (let start = 0; start < rows; start += 1_000) {
      const values = vectors.slice(start, start + 1_000).map((vector, i) => `(${start + i + 1}, '${formatVector(vector)}')`);
      await target().query(`INSERT INTO reports VALUES ${values.join(', ')}`);
    }
    await target().query('CREATE TABLE small (id int PRIMARY KEY, title text, embedding vector(2))');
    await target()
      .query(`INSERT INTO small VALUES (10, 'b', '[1,0]'), (9, 'a', '[2,0]'), (8, NULL, '[0,0]'), (7, 'c', '[0,1]'), (6, 'd', NULL),
      (5, 'e', '[1,0]')`);
  });

  it('reads what the rows of the shown pairs hold, each once', async () => {
    await target().query('CREATE TABLE told (part text, id int, title text, embedding vector(2), PRIMARY KEY (part, id))');
    await target().query(`INSERT INTO told VALUES ('a', 1, 'first', '[1,0]'), ('a', 2, 'second', '[1,0.01]'), ('b', 1, NULL, '[1,0.02]'),
      ('b', 2, 'far', '[0,1]')`);
    const { payload, pairs, count } = await find({ table: 'told', payload: true, limit: 2 });
    assert.deepEqual([pairs.length, count], [2, 3]);
    assert.deepEqual(
      payload!.columns.map(({ name, key }) => [name, key]),
      [
        ['part', 0],
        ['id', 1],
        ['title', null],
      ],
    );
    assert.deepEqual(payload!.rows, [
      { key: ['a', '1'], row: ['a', '1', 'first'] },
      { key: ['a', '2'], row: ['a', '2', 'second'] },
      { key: ['b', '1'], row: ['b', '1', null] },
    ]);
    assert.equal('payload' in (await find({ table: 'told' })), false);
  });

  it('tells how pairs would be written, writes nothing, and writes them by those very statements', async () => {
    await target().query('CREATE TABLE items (id int PRIMARY KEY, embedding vector(2))');
    await target().query(`INSERT INTO items VALUES (1, '[1,0]'), (2, '[1,0.01]'), (3, '[0,1]')`);
    const name = { schema: 'public', table: 'items', column: 'embedding' };
    const into = { schema: 'public', table: 'related_items', columns: null };
    const { sql, ...preview } = await previewPairs(name, into, target());
    assert.deepEqual(preview, { table: 'public.related_items', columns: ['item_id', 'related_item_id', 'similarity_score'], there: false });
    assert.match(sql, /CREATE TABLE[^;]*"?related_items"?[^;]*;\s+UPDATE[^;]*;\s+INSERT INTO[^;]*;\s*$/);
    assert.equal((await target().query(`SELECT to_regclass('public.related_items') AS t`)).rows[0]!['t'], null);
    assert.deepEqual([(await find({ table: 'items', into })).into!.inserted, (await previewPairs(name, into, target())).there], [1, true]);
    const again = (await find({ table: 'items', into })).into!;
    assert.deepEqual([again.inserted, again.updated, again.unchanged], [0, 0, 1]);
    await assert.rejects(previewPairs(name, { ...into, table: 'items' }, target()), { code: 'pair-table-unfit' });
  });

  it('finds exactly the pairs of a brute-force comparison without an index, writes them, and changes nothing the second time', async () => {
    const told: number[] = [];
    const found = await find({ threshold, into: related, limit: 20 }, (done, total) => told.push(done, total));
    assert.deepEqual([found.count, found.exact, found.index, found.rows], [expected.length, true, null, rows]);
    assert.ok(expected.length > 10_000 && expected.length < all.length);
    const written = await target().query(
      `SELECT report_id || '/' || related_report_id AS pair, similarity_score AS s FROM related_reports ORDER BY report_id, related_report_id`,
    );
    assert.deepEqual(
      written.rows.map((row) => row['pair']),
      expected.map(({ pair }) => pair),
    );
    written.rows.forEach((row, i) => assert.ok(Math.abs(Number(row['s']) - expected[i]!.similarity) < 1e-6));
    assert.deepEqual(found.into, {
      table: 'public.related_reports',
      columns: ['report_id', 'related_report_id', 'similarity_score'],
      created: true,
      inserted: expected.length,
      updated: 0,
      unchanged: 0,
      others: 0,
    });
    assert.equal(found.pairs.length, 20);
    assert.ok(found.pairs.every(({ similarity }, i) => i === 0 || similarity <= found.pairs[i - 1]!.similarity));
    assert.ok(told.length > 4, 'there is progress');
    assert.deepEqual(told.slice(-2), [rows, rows]);
  });

  it('finds them through an index, says that this is approximate, and leaves a table alone that has them', async () => {
    await target().query('CREATE INDEX reports_embedding ON reports USING hnsw (embedding vector_cosine_ops)');
    const state = (): Promise<unknown> =>
      target()
        .query('SELECT xmin::text, ctid::text, * FROM related_reports ORDER BY 3, 4')
        .then(({ rows: found }) => found);
    const before = await state();
    const found = await find({ threshold, into: related });
    assert.deepEqual([found.index?.name, found.exact, found.compared], ['reports_embedding', false, 0]);
    assert.match(found.warning ?? '', /approximate/);
    const right = new Set(expected.map(({ pair }) => pair));
    assert.ok(
      names(found).every((pair) => right.has(pair)),
      'what is found is true',
    );
    assert.ok(found.count >= expected.length * 0.999, `${found.count} of ${expected.length}`);
    assert.deepEqual([found.into?.inserted, found.into?.updated, found.into?.created], [0, 0, false]);
    assert.deepEqual([found.into?.unchanged, (found.into?.others ?? 0) + found.count], [found.count, expected.length]);
    assert.deepEqual(await state(), before);
  });

  it('puts the smaller key first, keeps exact ties, and leaves zero vectors and NULL out', async () => {
    const found = await find({ table: 'small', threshold: 1 });
    assert.deepEqual(found.pairs, [
      { a: ['5'], b: ['9'], similarity: 1 },
      { a: ['5'], b: ['10'], similarity: 1 },
      { a: ['9'], b: ['10'], similarity: 1 },
    ]);
    assert.deepEqual([found.key, found.rows, found.zeroVectors], [['id'], 5, 1]);
    assert.match(found.warning ?? '', /A zero vector has no cosine distance/);
    const l2 = await find({ table: 'small', threshold: 0.5, metric: 'l2' });
    assert.deepEqual(
      l2.pairs.map(({ a, b, similarity }) => [a[0], b[0], similarity]),
      [
        ['5', '10', 1],
        ['5', '8', 0.5],
        ['5', '9', 0.5],
        ['7', '8', 0.5],
        ['8', '10', 0.5],
        ['9', '10', 0.5],
      ],
    );
    assert.deepEqual(
      (await find({ table: 'small', threshold: 2, metric: 'ip' })).pairs.map(({ similarity }) => similarity),
      [2, 2],
    );
  });

  it('fills a table that is there, in its own types, updates what changed, and keeps rows of others', async () => {
    await target()
      .query(`CREATE TABLE pairs (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "one" bigint NOT NULL, two bigint NOT NULL,
      score real, made timestamptz NOT NULL DEFAULT now(), UNIQUE ("one", two), CHECK ("one" <> two))`);
    await target().query(`INSERT INTO pairs ("one", two, score) VALUES (5, 9, 0.25), (7, 99, 0.5), (9, 5, 0.75)`);
    const into = { schema: 'public', table: 'pairs', columns: ['one', 'two', 'score'] };
    const wish = { table: 'small', threshold: 0.7, into };
    const counts = ({ into: written }: DuplicatesResult): unknown => [
      written?.inserted,
      written?.updated,
      written?.unchanged,
      written?.others,
    ];
    assert.deepEqual(counts(await find(wish)), [2, 1, 0, 2]);
    assert.deepEqual(counts(await find(wish)), [0, 0, 3, 2]);
    const { rows: left } = await target().query(`SELECT "one" || '/' || two || '/' || score AS pair FROM pairs ORDER BY "one", two`);
    assert.deepEqual(
      left.map(({ pair }) => pair),
      ['5/9/1', '5/10/1', '7/99/0.5', '9/5/0.75', '9/10/1'],
    );
  });

  it('leaves nothing behind when it cannot write', async () => {
    await target().query('CREATE TABLE refused (a int, b int, s float8 CHECK (s < 0.5))');
    await fails(
      { table: 'small', into: { schema: 'public', table: 'refused', columns: ['a', 'b', 's'] } },
      'sql-failed',
      /refused_s_check/,
    );
    await target().query('CREATE TABLE later (id int PRIMARY KEY, embedding vector(2))');
    await fails({ table: 'later', threshold: 7, into: { schema: 'public', table: 'unmade', columns: null } }, 'bad-usage', /threshold/);
    const there = await target().query(
      `SELECT to_regclass('unmade') AS made, (SELECT count(*)::int FROM refused) AS filled, to_regclass('pg_temp.sluice_pair') AS temp`,
    );
    assert.deepEqual(there.rows, [{ made: null, filled: 0, temp: null }]);
  });

  it('refuses a table that does not fit', async () => {
    await target().query('CREATE TABLE keyless (embedding vector(2))');
    await target().query('CREATE TABLE bare (small_id text, related_small_id int, similarity_score float8)');
    await target().query('CREATE TABLE needy (small_id int, related_small_id int, similarity_score float8, kind text NOT NULL)');
    await target().query('CREATE VIEW looked AS SELECT 1 AS one');
    const small = (table: string, columns: readonly string[] | null = null): Partial<DuplicateSearch> => ({
      table: 'small',
      into: { schema: 'public', table, columns },
    });
    await fails(small('related_reports'), 'pair-table-unfit', /no columns small_id, related_small_id; it has report_id/);
    await fails(small('bare'), 'pair-table-unfit', /small_id is of type text, and id is of type integer/);
    await fails(
      small('bare', ['related_small_id', 'similarity_score', 'small_id']),
      'pair-table-unfit',
      /similarity_score is of type double/,
    );
    await fails(small('needy'), 'pair-table-unfit', /kind must have a value/);
    await fails(small('small'), 'pair-table-unfit', /the table that is searched/);
    await fails(small('looked'), 'pair-table-unfit', /it is no table/);
    await fails(small('made', ['a', 'b']), 'pair-table-unfit', /3 different columns/);
    await fails({ table: 'keyless', into: related }, 'pair-table-unfit', /no primary key/);
  });

  it('takes keys of several columns, rows without a key, and vectors of several dimensions', async () => {
    await target().query('CREATE TABLE mixed (part text, id int, embedding vector, PRIMARY KEY (part, id))');
    await target().query(`INSERT INTO mixed VALUES ('b', 1, '[1,0]'), ('a', 2, '[1,0]'), ('a', 1, '[1,0,0]'), ('c', 1, '[1,0,0]')`);
    const found = await find({ table: 'mixed', into: { schema: 'public', table: 'mixed_pairs', columns: null } });
    assert.deepEqual(names(found), ['a+1/c+1', 'a+2/b+1']);
    assert.deepEqual(found.into?.columns, ['mixed_part', 'mixed_id', 'related_mixed_part', 'related_mixed_id', 'similarity_score']);
    await target().query(`CREATE TABLE placed (embedding halfvec(2))`);
    await target().query(`INSERT INTO placed VALUES ('[1,0]'), ('[0,1]'), ('[1,0.01]')`);
    assert.deepEqual(names(await find({ table: 'placed' })), ['(0,1)/(0,3)']);
  });

  it('compares rows that have more near ones than an index can be asked for', async () => {
    await target().query('CREATE TABLE part (LIKE reports INCLUDING CONSTRAINTS, PRIMARY KEY (id))');
    await target().query('INSERT INTO part SELECT * FROM reports WHERE id <= 2600');
    await target().query(`CREATE INDEX signs ON part USING hnsw ((binary_quantize(embedding)::bit(${dimensions})) bit_hamming_ops)`);
    const found = await find({ table: 'part', threshold });
    assert.deepEqual([found.index?.name, found.exact, found.compared], ['signs', false, crowd]);
    assert.match(found.warning ?? '', /150 rows with very many near ones were compared with every other/);
    const right = new Set(expected.map(({ pair }) => pair));
    assert.ok(names(found).every((pair) => right.has(pair)));
    assert.ok(found.count >= (crowd * (crowd - 1)) / 2);
  });

  it('compares all rows where so many are near that an index is no help', async () => {
    await target().query('CREATE TABLE front (id int PRIMARY KEY, embedding vector(3))');
    await target()
      .query(`INSERT INTO front SELECT i, CASE WHEN i <= 200 THEN '[1,1,1]' ELSE '[' || sin(i) || ',' || cos(i * i) || ',' || sin(i * 7) || ']' END::vector
      FROM generate_series(1, 2100) AS i`);
    await target().query('CREATE INDEX front_signs ON front USING hnsw ((binary_quantize(embedding)::bit(3)) bit_hamming_ops)');
    const found = await find({ table: 'front', threshold: 1, limit: 3 });
    assert.deepEqual([found.exact, found.index, found.compared, names(found)], [true, null, 2_100, ['1/2', '1/3', '1/4']]);
    assert.ok(found.count >= (200 * 199) / 2);
    assert.match(found.warning ?? '', /front_signs does not serve this search, or very many rows are near/);
    assert.equal((await find({ table: 'front', threshold: 1, exact: true, limit: 0 })).count, found.count);
  });

  it('stops when it is cancelled, and leaves nothing', async () => {
    await fails({ signal: AbortSignal.abort() }, 'cancelled', /Cancelled/);
    const abort = new AbortController();
    const told: number[] = [];
    const into = { schema: 'public', table: 'stopped', columns: null };
    const stopped = find({ exact: true, into, signal: abort.signal }, (done) => {
      told.push(done);
      abort.abort();
    });
    await assert.rejects(stopped, /Cancelled/);
    assert.ok(told.length === 1 && told[0]! < rows, 'in the middle');
    assert.deepEqual((await target().query(`SELECT to_regclass('stopped') AS made`)).rows, [{ made: null }]);
  });

  it('names what pgvector has with its schema, as health does; asks the lists of IVFFlat', async () => {
    await target().query('DROP EXTENSION vector CASCADE');
    await target().query('CREATE SCHEMA "my vectors"');
    await target().query('CREATE EXTENSION vector SCHEMA "my vectors"');
    await target().query('CREATE TABLE far (id int PRIMARY KEY, embedding "my vectors".vector(2), half "my vectors".halfvec)');
    await target().query(`INSERT INTO far SELECT i, '[1,0]', '[1,0,1]' FROM generate_series(1, 2) AS i`);
    await target().query(
      `INSERT INTO far SELECT i, ('[' || sin(i) || ',' || cos(i) || ']')::"my vectors".vector FROM generate_series(3, 2100) AS i`,
    );
    await target().query('CREATE INDEX far_near ON far USING hnsw (embedding "my vectors".vector_l2_ops)');
    const found = await find({ table: 'far', threshold: 1 });
    assert.deepEqual([found.index?.name, found.metric, names(found)], ['far_near', 'l2', ['1/2']]);
    await target().query('DROP INDEX far_near');
    await target().query('CREATE INDEX far_lists ON far USING ivfflat (embedding "my vectors".vector_l2_ops) WITH (lists = 10)');
    const listed = await find({ table: 'far', threshold: 1 });
    assert.deepEqual([listed.index?.method, listed.exact, names(listed)], ['ivfflat', false, ['1/2']]);
    assert.deepEqual(names(await find({ table: 'far', column: 'half' })), ['1/2']);
    for (const column of ['embedding', 'half']) {
      const health = await checkHealth({ schema: 'public', table: 'far', column, signal: base.signal }, target());
      assert.deepEqual([health.duplicates, health.healthy], [{ groups: 1, rows: 2 }, true]);
    }
  });
});
