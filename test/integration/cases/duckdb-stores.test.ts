import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCase, type ForeignStore } from '../../helpers/case-setting.ts';
import { duckDbStore, inDuckDb } from '../../helpers/duckdb.ts';

describeCase('D20', 'schemas, a sequence, keys, a check, a view and a macro', (setting) => {
  const sql = `CREATE SCHEMA other; CREATE SEQUENCE numbers START 5; CREATE SEQUENCE idle START 7;
    CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); INSERT INTO p VALUES (1, 2);
    CREATE TABLE other.p (id BIGINT DEFAULT nextval('numbers') PRIMARY KEY, v VARCHAR DEFAULT 'it''s' NOT NULL, n INTEGER CHECK (n BETWEEN 0 AND 10),
      g INTEGER GENERATED ALWAYS AS (n * 2), u VARCHAR UNIQUE, e BOOLEAN DEFAULT true, h INTEGER DEFAULT (7 // 2));
    INSERT INTO other.p (v, n, u) VALUES ('x', 3, 'a'), ('y', NULL, NULL);
    CREATE TABLE c (a INTEGER, b INTEGER, FOREIGN KEY (a, b) REFERENCES p (a, b)); INSERT INTO c VALUES (1, 2), (NULL, NULL);
    CREATE INDEX by_b ON p (b); CREATE VIEW seen AS SELECT a FROM p; CREATE MACRO twice(x) AS x * 2;`;

  it('schemas and the position of the sequence are kept, constraints carried, the rest is told', () =>
    setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      const tables = run.plan.tables.map(({ from, to }) => [from, to]);
      assert.deepEqual(tables, [
        ['p', 'p'],
        ['c', 'c'],
        ['other.p', { schema: 'other', table: 'p' }],
      ]);
      assert.deepEqual(await run.query('SELECT id::text, v, n, g, u, e FROM other.p ORDER BY id'), [
        ['5', 'x', 3, 6, 'a', true],
        ['6', 'y', null, null, null, true],
      ]);
      await run.attempt(async (session) => {
        const { rows } = await session.query(`INSERT INTO other.p (n) VALUES (1) RETURNING id::text AS id, v, e`);
        assert.deepEqual(
          rows.map((row) => [row['id'], row['v'], row['e']]),
          [['7', "it's", true]],
        );
      });
      await run.attempt((session) => assert.rejects(session.query(`INSERT INTO other.p (n) VALUES (11)`), /check/i));
      await run.attempt((session) => assert.rejects(session.query(`INSERT INTO ${run.name('c')} VALUES (8, 8)`), /foreign key/i));
      const said = run.planned.warnings.map(({ message }) => message).join('\n');
      for (const word of ['seen', 'twice', 'idle', 'h: its default']) assert.ok(said.includes(word), `${word} in ${said}`);
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));
});

describeCase('D20', 'views, and a type that is not carried over', (setting) => {
  it('a view comes with a draft that gives the same rows, or says that there is none; a table with GEOMETRY is left out with the reason', () => {
    const sql = `CREATE TABLE t (id INTEGER, n INTEGER); INSERT INTO t SELECT range, range * 2 FROM range(10);
      CREATE VIEW plain AS SELECT id, n + 1 AS more FROM t WHERE n > 4; CREATE VIEW own AS SELECT list(id) AS ids FROM t;
      CREATE TABLE places (id INTEGER, place GEOMETRY); CREATE TABLE nested (id INTEGER, s STRUCT(place GEOMETRY));`;
    return setting.migrate({ make: duckDbStore(sql) }, async (run) => {
      const said = run.planned.warnings.map(({ message }) => message);
      const draft = /Draft, not run: ([\s\S]*?); Its definition:/.exec(said.find((message) => /\bplain\b/.test(message)) ?? '')?.[1];
      assert.ok(draft !== undefined, said.join('\n'));
      await run.attempt(async (session) => {
        await session.query(draft);
        const { rows } = await session.query(`SELECT count(*)::int AS n, sum(more)::int AS s FROM ${run.name('plain')}`);
        assert.deepEqual(rows.map(Object.values), [[7, 7 * 13]]);
      });
      assert.ok(
        said.some((message) => /\bown\b/.test(message)),
        said.join('\n'),
      );
      for (const left of ['places', 'nested'])
        assert.ok(
          said.some((message) => message.includes(left) && message.includes('GEOMETRY')),
          left,
        );
      assert.deepEqual(
        run.plan.tables.map(({ from }) => from),
        ['t'],
      );
    });
  });
});

describeCase('D22', 'encrypted and damaged files', (setting) => {
  const change = (work: (path: string) => void): ForeignStore => ({
    ...duckDbStore(''),
    create: async (folder) => {
      const path = await duckDbStore('CREATE TABLE t AS SELECT range AS id FROM range(500000)').create(folder);
      work(path);
      return path;
    },
  });

  it('an encrypted one is refused by name', async () => {
    const make: ForeignStore = {
      ...duckDbStore(''),
      create: async (folder) => {
        const path = join(folder, 'store.duckdb');
        await inDuckDb(null, async (connection) => {
          // DuckDB's own cipher will do for a test; a better one would be an extension from the network.
          await connection.run(`SET force_mbedtls_unsafe = 'true'; ATTACH '${path}' AS e (ENCRYPTION_KEY 'secret')`);
          await connection.run('CREATE TABLE e.t AS SELECT 1 AS id; DETACH e');
        });
        return path;
      },
    };
    await assert.rejects(setting.plan({ make }), { code: 'encrypted-store', message: /store\.duckdb/ });
  });

  it('one that is cut off, and one with a damaged page, are refused before anything is created', async () => {
    const cut = change((path) => truncateSync(path, statSync(path).size - 262_144));
    await assert.rejects(setting.plan({ make: cut }), { code: 'corrupt-store' });
    const damaged = change((path) => {
      const file = openSync(path, 'r+');
      writeSync(file, Buffer.alloc(64, 0x5a), 0, 64, 3 * 4_096 + 100);
      closeSync(file);
    });
    await assert.rejects(setting.plan({ make: damaged }), { code: 'corrupt-store', message: /checksum/ });
  });
});

describeCase('D22', 'a file that a newer DuckDB made, and files that another program has open', (setting) => {
  it('names both versions', async () => {
    const newer: ForeignStore = {
      ...duckDbStore('CREATE TABLE t (id INTEGER)'),
      create: async (folder) => {
        const path = await duckDbStore('CREATE TABLE t (id INTEGER)').create(folder);
        const file = await open(path, 'r+');
        const header = Buffer.alloc(4_096);
        await file.read(header, 0, header.length, 0);
        header.writeBigUInt64LE(99n, 12);
        header.writeBigUInt64LE(checksum(header.subarray(8)), 0);
        await file.write(header, 0, header.length, 0);
        await file.close();
        return path;
      },
    };
    await assert.rejects(setting.plan({ make: newer }), { code: 'store-too-new', message: /99.*\d+ to \d+/ });
  });

  it('reads a private copy while a program writes, with what is in its log', () =>
    withWriter(async (writer, make) => {
      await setting.migrate({ make }, async (run) => {
        assert.deepEqual(await run.cells('v'), ['checkpointed', 'logged']);
        assert.equal(writer.exitCode, null);
      });
    }));
});

/** As DuckDB computes it over a header: https://github.com/duckdb/duckdb/blob/main/src/common/checksum.cpp */
function checksum(bytes: Buffer): bigint {
  let sum = 5381n;
  for (let at = 0; at < bytes.length; at += 8) sum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  return sum;
}

/** Another process that keeps a database open for writing, with one row in the file and one in the log. */
async function withWriter(work: (writer: ChildProcess, make: ForeignStore) => Promise<void>): Promise<void> {
  let writer: ChildProcess | undefined;
  const make: ForeignStore = {
    create: async (folder) => {
      const path = join(folder, 'store.duckdb');
      await inDuckDb(path, async (connection) => {
        await connection.run(`CREATE TABLE t (id INTEGER, v VARCHAR); INSERT INTO t VALUES (1, 'checkpointed')`);
      });
      writer = fork(new URL('../../fixtures/duckdb-writer.ts', import.meta.url), [path], { stdio: 'inherit' });
      await once(writer, 'message');
      return path;
    },
    count: (_location, tables) => Promise.resolve(tables.map((table) => [table, 2] as const)),
  };
  try {
    await work(
      {
        get exitCode() {
          return writer?.exitCode ?? null;
        },
      } as ChildProcess,
      make,
    );
  } finally {
    writer?.kill('SIGKILL');
  }
}
