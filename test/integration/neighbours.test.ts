import assert from 'node:assert/strict';
import { MigrationError } from '../../src/core/errors.ts';
import type { NeighboursResult, VectorMetric } from '../../src/core/model/neighbours.ts';
import type { Target } from '../../src/core/target/target.ts';
import { describeVectorColumn } from '../../src/core/vectors/describe-vector-column.ts';
import { formatVector } from '../../src/core/vectors/parse-vector.ts';
import { searchNeighbours, type NeighbourSearch } from '../../src/core/vectors/search-neighbours.ts';
import { describeOnTargets } from '../helpers/target-harness.ts';

const dimensions = 32;
const rows = 2_000;

/** 40 clusters, so that a row has near and far neighbours; the same each time. */
function clusteredVectors(): readonly Float32Array[] {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const centres = Array.from({ length: 40 }, () => Float32Array.from({ length: dimensions }, () => random() * 2 - 1));
  return Array.from({ length: rows }, (_, i) => centres[i % 40]!.map((value) => value + (random() - 0.5) * 0.6));
}

const vectors = clusteredVectors();

/** What each operator orders by, in double precision. */
const orderings: Readonly<Record<VectorMetric, (a: Float32Array, b: Float32Array) => number>> = {
  cosine: (a, b) => 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  l2: (a, b) => Math.hypot(...a.map((value, i) => value - b[i]!)),
  ip: (a, b) => -dot(a, b),
  l1: (a, b) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0),
};

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** Orderings of the k nearest, by comparing with every row. */
function bruteForce(metric: VectorMetric, query: Float32Array, k: number, keep: (id: number) => boolean): readonly number[] {
  const all = vectors.flatMap((vector, i) => (keep(i + 1) ? [orderings[metric](query, vector)] : []));
  return all.sort((a, b) => a - b).slice(0, k);
}

async function insertVectors(target: Target, table: string): Promise<void> {
  for (let start = 0; start < rows; start += 500) {
    const values = vectors
      .slice(start, start + 500)
      .map((vector, i) => `(${start + i + 1}, 'row ${start + i + 1}', ${(start + i) % 4}, '${formatVector(vector)}')`);
    await target.query(`INSERT INTO ${table} (id, title, kind, embedding) VALUES ${values.join(', ')}`);
  }
}

const base: NeighbourSearch = {
  schema: 'public',
  table: 'items',
  column: 'embedding',
  query: { kind: 'row', key: ['100'] },
  k: 10,
  metric: null,
  filter: null,
  effort: null,
  signal: new AbortController().signal,
};

function assertNear(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-4, `${i}: ${value} and not ${expected[i]}`));
}

async function assertFails(work: Promise<unknown>, code: string, words: RegExp): Promise<MigrationError> {
  const error = await work.then(
    () => assert.fail(`expected ${code}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MigrationError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, words);
  return error;
}

describeOnTargets('neighbours', (target) => {
  let ticks = 0;
  const search = (wish: Partial<NeighbourSearch> = {}): Promise<NeighboursResult> =>
    searchNeighbours({ ...base, ...wish }, target(), () => (ticks += 5));
  const keys = (list: NeighboursResult['exact'] | null): readonly string[] => (list?.neighbours ?? []).map((row) => row.key.join('/'));

  before(async () => {
    await target().query(`CREATE TABLE items (id bigint PRIMARY KEY, title text NOT NULL, kind int, embedding vector(${dimensions}))`);
    await insertVectors(target(), 'items');
    await target().query('CREATE INDEX items_kind ON items (kind)');
    await target().query('CREATE INDEX items_embedding_idx ON items USING hnsw (embedding vector_cosine_ops) WITH (m = 12)');
    await target().query('ANALYZE items');
  });

  for (const metric of ['cosine', 'l2', 'ip', 'l1'] as const) {
    it(`finds exactly what comparing with every row finds: ${metric}`, async () => {
      const found = await search({ metric });
      const expected = bruteForce(metric, vectors[99]!, 10, (id) => id !== 100);
      assert.equal(found.metric, metric);
      assertNear(
        found.exact.neighbours.map((row) => (metric === 'ip' ? -row.distance : row.distance)),
        expected,
      );
      assert.ok(!keys(found.exact).includes('100'), 'a row is no neighbour of its own');
      assert.deepEqual(
        found.exact.neighbours.map((row) => row.exactRank),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      );
      for (const row of found.exact.neighbours) {
        const similarity = metric === 'cosine' ? 1 - row.distance : metric === 'ip' ? row.distance : 1 / (1 + row.distance);
        assert.equal(row.similarity, similarity);
      }
      assert.equal(found.indexed === null, metric !== 'cosine');
      if (metric !== 'cosine') assert.match(found.warning ?? '', /items_embedding_idx is built for cosine/);
    });
  }

  it('follows the index, scans it, and says how much it found', async () => {
    const found = await search();
    const { indexed } = found;
    assert.ok(indexed !== null);
    assert.equal(found.metric, 'cosine');
    assert.equal(indexed.used, true, found.warning ?? '');
    assert.equal(found.warning, null);
    assert.ok(indexed.index.bytes > 8192);
    assert.deepEqual(
      { ...indexed.index, bytes: 0 },
      {
        name: 'items_embedding_idx',
        method: 'hnsw',
        label: 'hnsw',
        opclass: 'vector_cosine_ops',
        metric: 'cosine',
        options: { m: '12', ef_construction: '64' },
        bytes: 0,
      },
    );
    assert.deepEqual(found.setting, { name: 'hnsw.ef_search', value: 40 });
    const hits = indexed.neighbours.filter((row) => keys(found.exact).includes(row.key[0]!)).length;
    assert.equal(found.recall, hits / 10);
    assert.ok(found.recall >= 0.7, String(found.recall));
    assert.deepEqual([found.rows, found.dimensions, found.exact.seconds, indexed.seconds], [rows, dimensions, 0.005, 0.005]);
  });

  it('searches less thoroughly when asked, and ranks what the index found instead', async () => {
    let recall = 1;
    for (const id of ['3', '77', '150', '999', '1500']) {
      const found = await search({ query: { kind: 'row', key: [id] }, effort: 1, k: 5 });
      assert.deepEqual(found.setting, { name: 'hnsw.ef_search', value: 1 });
      assert.match(
        found.sql,
        /^SET LOCAL hnsw\.ef_search = 1;\nSELECT "id", "title", "kind", "embedding" <=> \$1::vector AS distance\nFROM/,
      );
      const all = bruteForce('cosine', vectors[Number(id) - 1]!, rows, (other) => other !== Number(id));
      for (const row of found.indexed?.neighbours ?? []) assert.ok(Math.abs(all[row.exactRank! - 1]! - row.distance) < 1e-4);
      recall = Math.min(recall, found.recall ?? 1);
    }
    assert.ok(recall < 1, 'an index that looks at one candidate cannot find five');
    assert.deepEqual((await search()).setting, { name: 'hnsw.ef_search', value: 40 }, 'the setting ends with the search');
  });

  it('leaves the exact list out when nobody compares', async () => {
    const found = await search({ compare: false });
    assert.deepEqual([found.exact.neighbours.length, found.recall, found.indexed?.neighbours.length], [0, null, 10]);
    const exact = await search({ compare: false, metric: 'l2' });
    assert.deepEqual([exact.exact.neighbours.length, exact.recall, exact.indexed], [10, null, null]);
  });

  it('searches with a pasted vector', async () => {
    const found = await search({ query: { kind: 'vector', vector: formatVector(vectors[41]!) } });
    assert.equal(keys(found.exact)[0], '42');
    assert.ok(Math.abs(found.exact.neighbours[0]!.distance) < 1e-6);
    assert.deepEqual([found.query.row, found.query.key], [null, null]);
    assert.deepEqual([...found.query.vector], [...vectors[41]!]);
    const row = await search({ query: { kind: 'row', key: ['42'] } });
    assert.deepEqual([...row.query.vector], [...vectors[41]!]);
    assert.deepEqual([row.query.row, row.query.key], [['42', 'row 42', '1'], ['42']]);
  });

  it('keeps to a condition, and looks on until enough rows meet it', async () => {
    const found = await search({ filter: 'kind = 2 -- only these', k: 20 });
    assertNear(
      found.exact.neighbours.map((row) => row.distance),
      bruteForce('cosine', vectors[99]!, 20, (id) => id !== 100 && (id - 1) % 4 === 2),
    );
    assert.equal(found.indexed?.neighbours.length, 20);
    assert.ok(found.indexed.neighbours.every((row) => row.row[2] === '2'));
    assert.match(found.sql, /^SET LOCAL hnsw\.iterative_scan = strict_order;/);
    const near = await search({ filter: `embedding <=> '${formatVector(vectors[99]!)}' < 0.01` });
    assert.ok(near.exact.neighbours.every((row) => row.distance < 0.01));
    assert.equal((await search({ filter: 'false' })).recall, null);
  });

  const filters: readonly (readonly [filter: string, words: RegExp])[] = [
    ['kind = 1; DROP TABLE items', /multiple commands/],
    ['true) OR (true', /syntax error at or near "\)"/],
    ['true) /*', /syntax error|unterminated/],
    ['true LIMIT 1', /syntax error/],
    ['nope = 1', /column "nope" does not exist/],
    ["title = 'open", /unterminated quoted string/],
    ['kind', /must be type boolean/],
    ["nextval('items_seq') > 0", /read-only transaction/],
    ["(SELECT setval('items_seq', 99)) > 0", /read-only transaction/],
    ["set_config('transaction_read_only', 'off', false) = 'off'", /read-write mode must be set before any query/],
    ['1 / (kind - kind) = 1', /division by zero/],
    ['embedding <=> $1 < 0.01', /parameter|operator does not exist/],
    [' ', /empty/],
  ];
  for (const [filter, words] of filters) {
    it(`refuses the condition ${filter}`, async () => {
      await target().query('CREATE SEQUENCE IF NOT EXISTS items_seq');
      await assertFails(search({ filter }), 'filter-refused', words);
      assert.equal((await target().query('SELECT count(*)::int AS n FROM items')).rows[0]?.['n'], rows);
      assert.equal((await target().query('SELECT last_value FROM items_seq')).rows[0]?.['last_value'], '1');
    });
  }

  it('keeps nothing that a condition set', async () => {
    const setting = async (): Promise<unknown> => (await target().query('SHOW TimeZone')).rows[0]?.['TimeZone'];
    const before = await setting();
    await search({ filter: `set_config('TimeZone', 'Asia/Tokyo', false) IS NOT NULL` });
    assert.equal(await setting(), before);
  });

  it('says where a condition is wrong', async () => {
    const error = await assertFails(search({ filter: 'kind = 1 AND\n nope = 2' }), 'filter-refused', /nope/);
    assert.equal(error.context['position'], 15);
  });

  const failures: readonly (readonly [title: string, wish: Partial<NeighbourSearch>, code: string, words: RegExp])[] = [
    ['other dimensions', { query: { kind: 'vector', vector: '[1, 2, 3]' } }, 'vector-dimensions-differ', /has 3 dimensions, .* has 32/],
    ['no vector', { query: { kind: 'vector', vector: '[1, NaN]' } }, 'bad-query-vector', /component 2 is "NaN"/],
    ['no such row', { query: { kind: 'row', key: ['0'] } }, 'no-such-target-row', /key 0 \(id\)/],
    ['no value of the key', { query: { kind: 'row', key: ["1' OR true"] } }, 'no-such-target-row', /key 1' OR true/],
    ['too many values for the key', { query: { kind: 'row', key: ['1', '2'] } }, 'no-such-target-row', /key 1, 2/],
    ['no such table', { table: 'nope' }, 'no-such-target-table', /public\.nope/],
    ['no such column', { column: 'nope' }, 'no-such-target-column', /nope/],
    ['a column of another type', { column: 'title' }, 'not-a-vector-column', /title.*text/],
    ['k of nothing', { k: 0 }, 'bad-usage', /1 to 1000/],
    ['an effort that pgvector does not take', { effort: 5000 }, 'bad-usage', /hnsw\.ef_search takes a whole number from 1 to 1000/],
  ];
  for (const [title, wish, code, words] of failures) it(`refuses ${title}`, () => assertFails(search(wish), code, words));

  it('stops when it is cancelled', async () => {
    await assertFails(search({ signal: AbortSignal.abort() }), 'cancelled', /Cancelled/);
  });

  it('takes a composite key, odd names and long values, and leaves NULL vectors out', async () => {
    await target().query(`CREATE SCHEMA "Odd ""schema"`);
    await target().query(
      `CREATE TABLE "Odd ""schema"."My.table" ("part ""a" text, b timestamptz, note text, owner bigint REFERENCES items, "E m" vector(2),
         PRIMARY KEY (b, "part ""a"))`,
    );
    await target().query(`INSERT INTO "Odd ""schema"."My.table" VALUES
      ('x', '2026-01-01 10:00+02', repeat('é', 1000), 7, '[1,0]'), ('y', '2026-01-01 10:00+02', NULL, NULL, '[1,0.1]'),
      ('x', '2026-01-02 00:00+00', 'three', NULL, '[0,1]'), ('z', '2026-01-02 00:00+00', 'without', NULL, NULL)`);
    const wish = { schema: 'Odd "schema', table: 'My.table', column: 'E m' };
    const found = await search({ ...wish, query: { kind: 'row', key: ['2026-01-01 08:00:00+00', 'y'] } });
    assert.deepEqual(keys(found.exact), ['2026-01-01 08:00:00+00/x', '2026-01-02 00:00:00+00/x']);
    assert.deepEqual(found.exact.neighbours[0]?.row, ['x', '2026-01-01 08:00:00+00', { text: 'é'.repeat(300), cut: 1000 }, '7']);
    assert.deepEqual(
      found.columns.map(({ name, key, align, references }) => ({ name, key, align, references })),
      [
        { name: 'part "a', key: 1, align: 'left', references: null },
        { name: 'b', key: 0, align: 'left', references: null },
        { name: 'note', key: null, align: 'left', references: null },
        { name: 'owner', key: null, align: 'right', references: { schema: 'public', table: 'items', column: 'id' } },
      ],
    );
    assert.deepEqual([found.rows, found.indexed, found.recall], [3, null, null]);
    assert.match(found.warning ?? '', /^Column E m has no vector index, so each search reads all 3 rows\.$/);
    await assertFails(
      search({ ...wish, query: { kind: 'row', key: ['2026-01-02 00:00:00+00', 'z'] } }),
      'row-without-vector',
      /no vector in column "E m"/,
    );
  });

  it('tells rows of a table without a key by their place', async () => {
    await target().query('CREATE TABLE keyless (title text, embedding vector(2))');
    await target().query(`INSERT INTO keyless VALUES ('a', '[1,0]'), ('a', '[1,0]'), ('b', '[0,1]')`);
    const summary = await describeVectorColumn({ schema: 'public', table: 'keyless', column: 'embedding' }, target());
    assert.deepEqual(summary.firstKey, ['(0,1)']);
    const found = await search({ table: 'keyless', query: { kind: 'row', key: ['(0,1)'] } });
    assert.deepEqual(keys(found.exact), ['(0,2)', '(0,3)']);
    assert.deepEqual(found.exact.neighbours[0]?.row, ['a']);
  });

  it('searches a partitioned table by the indexes of its partitions', async () => {
    await target().query('CREATE TABLE parted (id int, embedding vector(2)) PARTITION BY RANGE (id)');
    await target().query('CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000)');
    await target().query('CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (1000) TO (9000)');
    await target().query(`INSERT INTO parted SELECT i, ('[' || i || ',1]')::vector FROM generate_series(1, 4000) AS i`);
    await target().query('CREATE INDEX parted_embedding ON parted USING ivfflat (embedding vector_l2_ops) WITH (lists = 4)');
    await target().query('ANALYZE parted');
    const found = await search({ table: 'parted', query: { kind: 'vector', vector: '[999.6, 1]' }, k: 4, effort: 4 });
    assert.deepEqual(
      found.exact.neighbours.map((row) => row.row),
      [['1000'], ['999'], ['1001'], ['998']],
    );
    assert.deepEqual(found.indexed?.index.options, { lists: '4' });
    assert.ok((found.indexed?.index.bytes ?? 0) > 0);
    assert.deepEqual([found.recall, found.setting], [1, { name: 'ivfflat.probes', value: 4 }]);
    assert.equal(found.exact.neighbours[0]?.key.length, 2);
    const again = await search({ table: 'parted', query: { kind: 'row', key: found.exact.neighbours[0].key } });
    assert.deepEqual(again.query.row, ['1000']);
  });

  it('searches halfvec columns, refuses bit, and leaves other vectors out of the payload', async () => {
    await target().query(
      'CREATE TABLE halves (id int PRIMARY KEY, half halfvec(3) NOT NULL, full_size vector(2), sparse sparsevec(4), flags bit(3))',
    );
    await target().query(
      `INSERT INTO halves VALUES (1, '[1,0,0]', '[1,1]', '{1:1}/4', '101'), (2, '[1,0.5,0]', NULL, NULL, NULL), (3, '[0,0,1]', NULL, NULL, NULL)`,
    );
    await target().query('CREATE INDEX halves_half ON halves USING hnsw (half halfvec_l2_ops)');
    const found = await search({ table: 'halves', column: 'half', query: { kind: 'row', key: ['1'] } });
    assert.equal(found.metric, 'l2');
    assert.deepEqual(
      found.exact.neighbours.map((row) => [row.key[0], row.distance]),
      [
        ['2', 0.5],
        ['3', Math.SQRT2],
      ],
    );
    assert.deepEqual(
      found.columns.map((column) => column.name),
      ['id', 'flags'],
    );
    assert.equal(found.recall, 1);
    await assertFails(search({ table: 'halves', column: 'flags' }), 'not-a-vector-column', /bit\(3\)/);
    await assertFails(search({ table: 'halves', column: 'sparse' }), 'not-a-vector-column', /sparsevec\(4\)/);
  });

  it('lets zero vectors break nothing', async () => {
    await target().query('CREATE TABLE zeroes (id int PRIMARY KEY, embedding vector(2))');
    await target().query(`INSERT INTO zeroes VALUES (1, '[1,0]'), (2, '[0,0]'), (3, '[1,1]'), (4, NULL), (5, '[0,0]')`);
    await target().query('CREATE INDEX ON zeroes USING hnsw (embedding vector_cosine_ops)');
    const found = await search({ table: 'zeroes', query: { kind: 'row', key: ['1'] } });
    assert.deepEqual(keys(found.exact), ['3']);
    assert.match(found.warning ?? '', /Rows with a zero vector have no cosine distance and are left out\./);
    assert.equal(found.recall, 1);
    const zero = await search({ table: 'zeroes', query: { kind: 'row', key: ['2'] } });
    assert.deepEqual([keys(zero.exact), keys(zero.indexed), zero.recall, zero.query.norm], [[], [], null, 0]);
    assert.match(zero.warning ?? '', /A zero vector has no direction/);
    const l2 = await search({ table: 'zeroes', query: { kind: 'row', key: ['2'] }, metric: 'l2' });
    assert.deepEqual(keys(l2.exact), ['5', '1', '3']);
  });

  it('says that the planner was right not to use the index of a small table', async () => {
    await target().query('CREATE TABLE small (id int PRIMARY KEY, embedding vector(2))');
    await target().query(`INSERT INTO small SELECT i, ('[1,' || i || ']')::vector FROM generate_series(1, 20) AS i`);
    await target().query('CREATE INDEX small_hnsw ON small USING hnsw (embedding vector_l2_ops) WHERE embedding IS NOT NULL');
    await target().query('ANALYZE small');
    const found = await search({ table: 'small', query: { kind: 'row', key: ['1'] } });
    assert.deepEqual([found.indexed?.used, found.recall], [false, 1]);
    assert.match(found.warning ?? '', /did not use the index small_hnsw: it chose a sequential scan of 20 rows/);
  });

  it('counts ties as found', async () => {
    await target().query('CREATE TABLE ties (id int PRIMARY KEY, embedding vector(2))');
    await target().query(`INSERT INTO ties SELECT i, '[1,1]' FROM generate_series(1, 300) AS i`);
    await target().query('CREATE INDEX ON ties USING hnsw (embedding vector_l2_ops)');
    const found = await search({ table: 'ties', query: { kind: 'row', key: ['150'] } });
    assert.equal(found.recall, 1);
    assert.ok(found.indexed?.neighbours.every((row) => row.exactRank === 1));
  });

  it('takes a column whose rows differ in dimensions', async () => {
    await target().query('CREATE TABLE mixed (id int PRIMARY KEY, embedding vector)');
    await target().query(`INSERT INTO mixed VALUES (1, '[1,0]'), (2, '[1,0,0]'), (3, '[1,0.5]')`);
    const found = await search({ table: 'mixed', query: { kind: 'row', key: ['1'] } });
    assert.deepEqual([keys(found.exact), found.dimensions], [['3'], 2]);
  });

  it('describes a column before the first search', async () => {
    const summary = await describeVectorColumn({ schema: 'public', table: 'items', column: 'embedding' }, target());
    assert.deepEqual([summary.dimensions, summary.firstKey], [dimensions, ['1']]);
    assert.deepEqual(
      [summary.columns.map((column) => column.name), summary.indexes.map((index) => index.name)],
      [['id', 'title', 'kind'], ['items_embedding_idx']],
    );
  });
});

describeOnTargets('neighbours with pgvector in a schema of its own', (target) => {
  it('names operators with their schema', async () => {
    await target().query('DROP EXTENSION vector CASCADE');
    await target().query('CREATE SCHEMA "my vectors"');
    await target().query('CREATE EXTENSION vector SCHEMA "my vectors"');
    await target().query('CREATE TABLE items (id int PRIMARY KEY, embedding "my vectors".vector(2))');
    await target().query(`INSERT INTO items VALUES (1, '[1,0]'), (2, '[0.9,0.1]'), (3, '[0,1]')`);
    await target().query('CREATE INDEX ON items USING hnsw (embedding "my vectors".vector_ip_ops)');
    const found = await searchNeighbours({ ...base, query: { kind: 'row', key: ['1'] } }, target(), () => 0);
    assert.deepEqual([found.metric, found.exact.neighbours.map((row) => row.key[0])], ['ip', ['2', '3']]);
    assert.match(found.sql, /"embedding" OPERATOR\("my vectors"\.<#>\) \$1::"my vectors"\."vector"/);
    const filtered = await searchNeighbours({ ...base, query: { kind: 'row', key: ['1'] }, filter: 'id > 2' }, target(), () => 0);
    assert.deepEqual(
      filtered.exact.neighbours.map((row) => row.key[0]),
      ['3'],
    );
  });
});
