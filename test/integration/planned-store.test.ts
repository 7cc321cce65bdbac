import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { translateDefault } from '../../src/core/mapping/translate-default.ts';
import { translateCondition } from '../../src/core/mapping/expressions/translate-expression.ts';
import { compilePlan } from '../../src/core/plan/compile-plan.ts';
import { defaultSql } from '../../src/core/plan/default-sql.ts';
import { planSchema } from '../../src/core/plan/plan-schema.ts';
import { planOfStore } from '../helpers/plan-of-store.ts';
import { sharedCluster, type Cluster } from '../helpers/postgres.ts';

const awkwardStore = `
  CREATE TABLE "Camel Case" (id INTEGER PRIMARY KEY, "Order" INT, "select" TEXT, "ünïcödé" TEXT, ctid INT, active BOOLEAN DEFAULT 0,
    at DATETIME DEFAULT CURRENT_TIMESTAMP, d DATE DEFAULT (date('now')), j TEXT DEFAULT '{}', parent INT REFERENCES "Camel Case");
  INSERT INTO "Camel Case" (id, active, j) VALUES (1, 1, '{"a":1}');
  CREATE INDEX "by order" ON "Camel Case" ("Order" DESC);
  CREATE INDEX active_only ON "Camel Case" ("select") WHERE active = 1;
  CREATE TABLE ${'long'.repeat(20)}1 (a INT REFERENCES "Camel Case", b TEXT);
  CREATE TABLE ${'long'.repeat(20)}2 (a INT REFERENCES "Camel Case" ON DELETE SET NULL ON UPDATE CASCADE, b TEXT);
  CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE, name TEXT);
  CREATE UNIQUE INDEX lower_name ON people (lower(name));
  CREATE TABLE counters (id INTEGER PRIMARY KEY AUTOINCREMENT, v); INSERT INTO counters VALUES (41, 1); UPDATE sqlite_sequence SET seq = 50;
  CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT UNIQUE, embedding BLOB);
  CREATE INDEX body_hash ON docs (body);
  INSERT INTO docs (body) VALUES (replace(hex(zeroblob(10000)), '0', 'x'));
  CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b);
  CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a);
`;

/** [default, type, what both databases print] */
const functionDefaults: readonly (readonly [string, string, RegExp | (() => RegExp)])[] = [
  ['CURRENT_TIMESTAMP', 'text', () => momentPattern(' ', '$')],
  ["(datetime('now'))", 'text', () => momentPattern(' ', '$')],
  ["(strftime('%Y-%m-%dT%H:%M:%fZ','now'))", 'text', () => momentPattern('T', '\\.\\d{3}Z$')],
  ["(strftime('day %d','now'))", 'text', () => new RegExp(`^day ${utcNow().slice(8, 10)}$`)],
  ['CURRENT_DATE', 'text', () => new RegExp(`^${utcNow().slice(0, 10)}$`)],
  ["(date('now'))", 'date', () => new RegExp(`^${utcNow().slice(0, 10)}$`)],
  ['CURRENT_TIME', 'time', () => new RegExp(`^${utcNow().slice(11, 13)}:\\d\\d:\\d\\d$`)],
  ['(unixepoch())', 'bigint', /^1[0-9]{9}$/],
  ["(strftime('%s','now') * 1000)", 'bigint', /^1[0-9]{9}000$/],
  ["(julianday('now'))", 'double precision', /^24\d{5}\.\d+$/],
  ['(lower(hex(randomblob(16))))', 'text', /^[0-9a-f]{32}$/],
  ['(hex(randomblob(16)))', 'text', /^[0-9A-F]{32}$/],
  ["'it''s'", 'text', /^it's$/],
  ['(2 * (3 - -4))', 'bigint', /^14$/],
];

const conditions = [
  'a IS NULL',
  'a IS NOT NULL',
  "a = 'x'",
  "a <> 'x'",
  "lower(a) = 'x'",
  "upper(a) = 'X'",
  "a IN ('x', 'it''s')",
  "a NOT IN ('x', '')",
  'length(a) > 1',
  'n > 0',
  'n <= 5',
  'n BETWEEN 0 AND 5',
  'n NOT BETWEEN 0 AND 5',
  'n IN (0, 6)',
  'n = -1',
  'active = 1',
  'active = 0',
  'active',
  'NOT active',
  'active IN (0, 1)',
  "a = 'x' OR n = 5 AND active",
  "(a = 'x' OR n = 5) AND active",
  "NOT (a = 'x' AND n > 0)",
  "a = 'x' AND (n IS NULL OR n = 0) AND active != 0",
];

/** What the planner says about a store must be SQL that a server takes and that means the same there. */
describe('a planned store on PostgreSQL', () => {
  let cluster: Cluster;
  let database: string;

  before(async function () {
    this.timeout(120_000);
    cluster = await sharedCluster();
    database = new URL(await cluster.createDatabase()).pathname.slice(1);
  });
  after(() => cluster.dropDatabase(database));

  const query = async (sql: string): Promise<string> => (await cluster.psql(sql, database)).trim();

  it('S13 S16 S19 S24 S25 S26 S27 S28 S42 S46 every statement of an awkward store runs', async () => {
    const { plan } = await planOfStore(awkwardStore, {}, (store) => {
      store
        .prepare('INSERT INTO docs (embedding) VALUES (?)')
        .run(Buffer.from(Float32Array.from({ length: 8 }, (_, i) => Math.sin(i)).buffer));
    });
    const { preData, tables, postData } = compilePlan(planSchema.parse(plan), { schema: 'awkward' });
    await query([...preData, ...postData].map(({ sql }) => `${sql};`).join('\n'));

    const indexes = await query(`SELECT indexname || ': ' || indexdef FROM pg_indexes WHERE schemaname = 'awkward' ORDER BY indexname`);
    for (const part of [
      'lower((email COLLATE "C"))',
      'md5(body)',
      '("Order" DESC)',
      'WHERE (active = true)',
      'USING hnsw (embedding vector_cosine_ops)',
      'USING hash (body)',
    ]) {
      assert.ok(indexes.includes(part), `no index with ${part} among\n${indexes}`);
    }
    await assert.rejects(query(`INSERT INTO awkward.people (email) VALUES ('A@x.com'), ('a@X.com')`), /duplicate key/);
    assert.deepEqual(tables.find(({ from }) => from === 'counters')?.identities, [{ column: 'id', next: '51' }]);
    assert.equal(
      await query(`SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'awkward'::regnamespace AND convalidated`),
      '5',
    );
  });

  for (const [text, type, form] of functionDefaults) {
    it(`S24 DEFAULT ${text} gives a ${type} of the same form in both`, async () => {
      const translated = translateDefault(text, { type, convert: 'auto', emptyIsNull: false });
      assert.ok(translated.default);
      const pattern = form instanceof RegExp ? form : form();
      assert.match(sqliteDefault(text), pattern);
      const row = await query(
        `SET timezone = 'Asia/Kathmandu'; CREATE TEMP TABLE d (v ${type} DEFAULT ${defaultSql(translated.default)}, w int); INSERT INTO d (w) VALUES (1) RETURNING v;`,
      );
      assert.match(firstLine(row), pattern);
    });
  }

  it('S27 translated conditions pick the same rows', async () => {
    const values = ['NULL', "''", "'x'", "'X'", "'it''s'", "'yz'"].flatMap((a) =>
      ['NULL', '-1', '0', '5', '6'].flatMap((n) => ['NULL', '0', '1'].map((active) => ({ a, n, active }))),
    );
    const store = new Database(':memory:');
    store.exec(
      `CREATE TABLE t (a TEXT, n INT, active BOOLEAN); INSERT INTO t VALUES ${values.map(({ a, n, active }) => `(${a}, ${n}, ${active})`).join(', ')}`,
    );
    await query(
      `CREATE TABLE t (a text, n bigint, active boolean); INSERT INTO t VALUES ${values.map(({ a, n, active }) => `(${a}, ${n}, ${active}::int::boolean)`).join(', ')}`,
    );
    const types: Readonly<Record<string, string>> = { a: 'text', n: 'bigint', active: 'boolean' };
    const ours: string[] = [];
    const theirs: string[] = [];
    for (const condition of conditions) {
      const translated = translateCondition(condition, (name) => ({ to: name, type: types[name] ?? 'other' }), 'unique-index');
      assert.ok('sql' in translated, condition);
      theirs.push(`${condition}: ${String(store.prepare(`SELECT count(*) FROM t WHERE ${condition}`).pluck().get())}`);
      ours.push(`${condition}: ${await query(`SELECT count(*) FROM t WHERE ${translated.sql}`)}`);
    }
    store.close();
    assert.deepEqual(ours, theirs);
    assert.ok(new Set(theirs.map((line) => line.split(': ')[1])).size > 5, 'the conditions tell the rows apart');
  });
});

function utcNow(): string {
  return new Date().toISOString();
}

/** A moment of this hour in UTC, as a text column holds it. */
function momentPattern(separator: string, end: string): RegExp {
  const now = utcNow();
  return new RegExp(`^${now.slice(0, 10)}${separator}${now.slice(11, 13)}:\\d\\d:\\d\\d${end}`);
}

function sqliteDefault(text: string): string {
  const store = new Database(':memory:');
  store.exec(`CREATE TABLE d (v DEFAULT ${text}, w); INSERT INTO d (w) VALUES (1);`);
  const value = store.prepare('SELECT CAST(v AS TEXT) FROM d').pluck().get();
  store.close();
  return String(value);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
