import assert from 'node:assert/strict';
import { describeCase, type CaseRun } from '../../helpers/case-setting.ts';

async function definitions(run: CaseRun, table: string): Promise<Readonly<Record<string, string>>> {
  const rows = await run.query(`SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = '${run.schema}' AND tablename = '${table}'`);
  return Object.fromEntries(rows.map(([name, definition]) => [String(name), String(definition)]));
}

describeCase('S27', 'partial, expression and descending indexes', (setting) => {
  it('condition, expression and order are kept', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, n INT, active BOOLEAN, doc JSON);
          CREATE INDEX some ON t (a) WHERE active = 1 AND n BETWEEN 1 AND 5; CREATE UNIQUE INDEX folded ON t (lower(a)); CREATE INDEX down ON t (n DESC, a COLLATE NOCASE DESC, b);
          CREATE UNIQUE INDEX mixed ON t (lower(a), n, a || '-' || b) WHERE b LIKE 'x%'; CREATE INDEX city ON t (json_extract(doc, '$.city')); CREATE INDEX odd ON t (date(a));
          INSERT INTO t VALUES (1, 'A', 'xb', 1, 1, '{"city":"x"}'), (2, 'Ä', 'y', 2, 0, NULL), (3, 'ä', 'y', NULL, NULL, '{"city":1}');`,
      },
      async (run) => {
        const found = await definitions(run, 't');
        assert.match(found['some'] ?? '', /\(a\) WHERE \(\(active = true\) AND/);
        assert.match(found['folded'] ?? '', /UNIQUE INDEX folded .*\(lower\(\(a COLLATE "C"\)\)\)/);
        assert.match(found['down'] ?? '', /\(n DESC, lower\(\(a COLLATE "C"\)\) DESC, b\)/);
        assert.match(found['mixed'] ?? '', /UNIQUE .*\(lower\(\(a COLLATE "C"\)\), n, \(+a \|\| '-'::text\) \|\| b\)+ WHERE/);
        assert.match(found['city'] ?? '', /\(\(doc #>> '\{city\}'::text\[\]\)\)/);
        assert.equal(found['odd'], undefined);
        await assert.rejects(run.query(`INSERT INTO ${run.name('t')} (a) VALUES ('a')`), /folded/);
        assert.match(run.reportText, /Index odd is not carried over: its expression date\(a\)/);
      },
    ));
});

describeCase('S28', 'unique without case', (setting) => {
  it("inserting 'a@X.com' beside 'A@x.com' fails; so does a key of several such columns", () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE, a TEXT COLLATE NOCASE, n INT, b TEXT COLLATE RTRIM, UNIQUE (a, n, b));
          CREATE TABLE k (name TEXT COLLATE NOCASE PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, name TEXT REFERENCES k);
          INSERT INTO t VALUES (1, 'A@x.com', 'One', 1, 'two'), (2, 'Ä', 'Ä', 1, 'x'), (3, 'ä', 'ä', 1, 'x'); INSERT INTO k VALUES ('Key'); INSERT INTO c VALUES (1, 'Key');`,
      },
      async (run) => {
        const fails = (sql: string): Promise<void> => run.attempt((session) => assert.rejects(session.query(sql), /duplicate key/));
        await fails(`INSERT INTO ${run.name('t')} (email) VALUES ('a@X.com')`);
        await fails(`INSERT INTO ${run.name('t')} (a, n, b) VALUES ('oNE', 1, 'two   ')`);
        await fails(`INSERT INTO ${run.name('k')} VALUES ('kEY')`);
        await run.attempt(
          async (session) =>
            void (await session.query(`INSERT INTO ${run.name('t')} (a, n, b) VALUES ('oNE', 2, 'two'), ('One', 1, 'TWO')`)),
        );
        assert.match(run.reportText, /does not tell upper from lower case/);
      },
    ));
});

describeCase('S46', 'indexed texts of 20 kB', (setting) => {
  it('get a hash index, a shortened one, or stay unique by their sums', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT, other TEXT, once TEXT UNIQUE, raw BLOB, n INT, UNIQUE (n, other));
          CREATE INDEX by_body ON t (body); CREATE INDEX by_two ON t (n DESC, body); CREATE UNIQUE INDEX only ON t (raw) WHERE n > 0; CREATE INDEX by_case ON t (body COLLATE NOCASE);
          CREATE TABLE key (k TEXT PRIMARY KEY, v INT);`,
        fill: (database) => {
          const text = (seed: number): string =>
            Array.from({ length: 20_000 }, (_, i) => String.fromCharCode(33 + ((i * i * seed + i * 7) % 90))).join('');
          const insert = database.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)');
          for (const id of [1, 2, 3]) insert.run(id, text(id), text(id + 10), text(id + 20), Buffer.from(text(id + 30)), id);
          for (const id of [1, 2]) database.prepare('INSERT INTO key VALUES (?, ?)').run(text(id), id);
        },
      },
      async (run) => {
        const found = await definitions(run, 't');
        assert.match(found['by_body'] ?? '', /USING hash \(body\)/);
        assert.match(found['by_two'] ?? '', /\(n DESC, "left"\(body, \d+\)\)/);
        assert.match(found['only'] ?? '', /UNIQUE .*\(md5\(raw\)\) WHERE/);
        assert.match(found['by_case'] ?? '', /USING hash \(lower\(/);
        const fails = (sql: string): Promise<void> => run.attempt((session) => assert.rejects(session.query(sql), /duplicate key/));
        await fails(`INSERT INTO ${run.name('t')} (id, once) SELECT 9, once FROM ${run.name('t')} WHERE id = 1`);
        await fails(`INSERT INTO ${run.name('t')} (id, n, other) SELECT 9, n, other FROM ${run.name('t')} WHERE id = 1`);
        await fails(`INSERT INTO ${run.name('key')} SELECT k, 9 FROM ${run.name('key')}`);
        assert.match(run.reportText, /its values have up to 20000 bytes and a PostgreSQL btree entry holds about 2600/);
      },
    ));
});
