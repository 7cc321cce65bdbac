import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { askOracle, requirePython, targetQuery, type OracleTable } from '../../helpers/oracle.ts';
import { requirePostgres, type Cluster } from '../../helpers/postgres.ts';

const table: OracleTable = {
  source: 'cells',
  target: 'public.cells',
  columns: {
    id: 'integer',
    note: 'text',
    ratio: 'real',
    price: 'decimal',
    flag: 'boolean',
    raw: 'bytes',
    at: 'instant',
    seen: 'epoch-s',
    facts: 'json',
    place: 'float32',
  },
};

const goodRows = `
  (1, E'tab\\t \\\\N \\r\\n🚀', 0.1, 12.50, true, '\\x00ff', '2024-01-02 03:04:05.678Z', '1969-12-31 23:59:59Z', '{"b":[1,true,null],"a":1.10}', '[0.5,-1]'),
  (2, '', 'NaN', NULL, false, '', NULL, NULL, '"x"', NULL),
  (3, NULL, -1e300, 0.1, NULL, NULL, '1969-07-20 20:17:40Z', '1970-01-01Z', 'null', NULL)`;

describe('the foreign oracle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-oracle-'));
  const store = join(folder, 'cells.db');
  let cluster: Cluster;
  let url: string;

  before(async function () {
    requirePython(this);
    cluster = await requirePostgres(this);
    url = await cluster.createDatabase();
    fillStore(store);
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    if (url !== undefined) await cluster.dropDatabase(databaseOf(url));
  });

  async function ask(...changes: readonly string[]): Promise<Awaited<ReturnType<typeof askOracle>>> {
    const create = `DROP TABLE IF EXISTS cells; CREATE EXTENSION IF NOT EXISTS vector; CREATE TABLE cells (id bigint, note text, ratio double precision, price numeric(5,2),
      flag boolean, raw bytea, at timestamptz, seen timestamptz, facts jsonb, place vector(2)); INSERT INTO cells VALUES ${goodRows};`;
    await cluster.psql(create + changes.join(';'), databaseOf(url));
    return askOracle(store, { psql: join(cluster.bin, 'psql'), url }, table);
  }

  it('finds equal tables equal', async () => {
    // Row 2: SQLite has no NaN; it is stored as NULL.
    assert.deepEqual(await ask('UPDATE cells SET ratio = NULL WHERE id = 2'), {
      sourceRows: 3,
      targetRows: 3,
      missing: 0,
      extra: 0,
      different: 0,
      first: [],
    });
  });

  const changes: readonly (readonly [string, string])[] = [
    ['a text', `note = note || ' '`],
    ['the last bit of a real', 'ratio = 0.10000000000000002'],
    ['a decimal', 'price = 12.51'],
    ['a truth value', 'flag = NOT flag'],
    ['a byte', `raw = '\\x00fe'`],
    ['a microsecond', `at = at + interval '1 microsecond'`],
    ['a second', `seen = seen + interval '1 second'`],
    ['the order of a JSON array', `facts = '{"b":[true,1,null],"a":1.1}'`],
    ['true for 1 in JSON', `facts = '{"b":[true,true,null],"a":1.1}'`],
    ['an element of a vector', `place = '[0.5,-1.0000001]'`],
    ['NULL for a text', 'note = NULL'],
  ];
  for (const [what, change] of changes) {
    it(`sees a change of ${what}`, async () => {
      const answer = await ask('UPDATE cells SET ratio = NULL WHERE id = 2', `UPDATE cells SET ${change} WHERE id = 1`);
      assert.equal(answer.different, 1);
      assert.match(answer.first[0] ?? '', /^different: 1/);
    });
  }

  it('sees NULL in place of an empty text', async () => {
    assert.equal((await ask('UPDATE cells SET ratio = NULL, note = NULL WHERE id = 2')).different, 1);
  });

  it('sees a missing row, an extra row and a row that is there twice', async () => {
    const answer = await ask(
      'UPDATE cells SET ratio = NULL WHERE id = 2',
      'INSERT INTO cells SELECT * FROM cells WHERE id = 3',
      'DELETE FROM cells WHERE id = 1',
      'INSERT INTO cells (id) VALUES (9)',
    );
    assert.deepEqual({ ...answer, first: [] }, { sourceRows: 3, targetRows: 4, missing: 1, extra: 2, different: 0, first: [] });
  });

  it('reads lines from a file where there is no psql', async () => {
    await ask('UPDATE cells SET ratio = NULL WHERE id = 2');
    const file = join(folder, 'lines');
    writeFileSync(file, `${await cluster.psql(targetQuery(table), databaseOf(url))}\n`);
    assert.deepEqual(await askOracle(store, { file }, table), {
      sourceRows: 3,
      targetRows: 3,
      missing: 0,
      extra: 0,
      different: 0,
      first: [],
    });
  });
});

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function fillStore(path: string): void {
  const store = new Database(path);
  store.exec(
    'CREATE TABLE cells (id INTEGER PRIMARY KEY, note TEXT, ratio REAL, price REAL, flag INTEGER, raw BLOB, at TEXT, seen INTEGER, facts TEXT, place BLOB)',
  );
  const insert = store.prepare('INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  insert.run(
    1,
    'tab\t \\N \r\n🚀',
    0.1,
    12.5,
    1,
    Buffer.from([0, 255]),
    '2024-01-02T03:04:05.678Z',
    -1,
    '{"a": 1.1, "b": [1, true, null]}',
    Buffer.from(new Float32Array([0.5, -1]).buffer),
  );
  insert.run(2, '', NaN, null, 0, Buffer.alloc(0), '', null, '"x"', null);
  insert.run(3, null, -1e300, 0.1, null, null, '1969-07-20 20:17:40', 0, 'null', null);
  store.close();
}
