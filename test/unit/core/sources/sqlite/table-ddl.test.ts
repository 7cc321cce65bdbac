import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { readIndexDdl } from '../../../../../src/core/sources/sqlite/index-ddl.ts';
import { parseStatement } from '../../../../../src/core/dialect/parse-sqlite.ts';
import { readTableDdl } from '../../../../../src/core/sources/sqlite/table-ddl.ts';

/** SQLite's own judgement; other errors, such as a column twice, may come before or after the text is read to its end. */
function judge(sql: string): 'well formed' | 'malformed' | 'unknown' {
  const database = new Database(':memory:');
  try {
    database.prepare(`EXPLAIN ${sql}`);
    return 'well formed';
  } catch (error) {
    const isSyntax = /syntax error|unrecognized token|incomplete input|unknown table option/.test(String(error));
    return isSyntax ? 'malformed' : 'unknown';
  } finally {
    database.close();
  }
}

/** Text that SQLite takes and that other parsers stumble over. */
const awkward: readonly string[] = [
  `CREATE TABLE "a b" (\`x y\` TEXT, [z ] INT, "q""q" BLOB, 'lit' TEXT)`,
  'CREATE TABLE t (a INT, -- the, comment (\n b /* , ( */ TEXT) /* never closed',
  "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a*2) STORED, c TEXT AS (a || ')') VIRTUAL, d AS (a+1))",
  'CREATE TABLE t (a TEXT PRIMARY KEY, b ANY) STRICT, WITHOUT ROWID',
  'CREATE TABLE t (a INT PRIMARY KEY ON CONFLICT REPLACE, b TEXT NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT FAIL, UNIQUE(a,b) ON CONFLICT ABORT)',
  "CREATE TABLE t (a INT DEFAULT (1+2), b DEFAULT (strftime('%s','now')), c DEFAULT \"dq\", e DEFAULT -1, g DEFAULT x'00ff', i DEFAULT word, n DEFAULT 1_000)",
  'CREATE TABLE t (a UNSIGNED BIG INT, b int(5), d NATIVE CHARACTER(70), e "quoted type", g DECIMAL(10,-2), h some odd words here(3))',
  'CREATE TABLE t (a INT REFERENCES p, b REFERENCES p(x) ON DELETE CASCADE MATCH FULL DEFERRABLE INITIALLY DEFERRED, FOREIGN KEY (a,b) REFERENCES p NOT DEFERRABLE)',
  'CREATE TABLE t (key TEXT, "select" INT, action TEXT, replace INT, "order" INT, end INT, first, last, temp, current, rowid INT, row, over, filter)',
  'CREATE TABLE t (a INT, b INT, CONSTRAINT c1 UNIQUE (a) CONSTRAINT c2 CHECK (b>0))',
  'CREATE TABLE tä (ünï INT, a$b INT)',
  "CREATE INDEX i ON t(json_extract(a, '$.b'), a->>'x', (b || 'x') COLLATE NOCASE DESC) WHERE a NOTNULL AND b GLOB 'x*'",
  "CREATE TRIGGER tr AFTER UPDATE OF a ON t WHEN new.a <> old.a BEGIN UPDATE t SET b = datetime('now') WHERE id = new.id; SELECT RAISE(ABORT,'x'); END",
  "CREATE VIRTUAL TABLE f USING fts5(title, body UNINDEXED, tokenize='porter ascii', content='')",
  'CREATE VIRTUAL TABLE v USING vec0(embedding float[4], +aux text)',
];

describe('the text of CREATE statements', () => {
  for (const sql of awkward) {
    it(`S38 is read as SQLite reads it: ${sql}`, () => {
      assert.notEqual(judge(sql), 'malformed');
      assert.notEqual(parseStatement(sql), null);
    });
  }

  it('what cannot be read is told apart, whatever the text is (property)', () => {
    const piece = fc.constantFrom('(', ')', ',', "'", '"', '[', ']', '`', '--', '/*', '*/', '\n', ' ', 'a', 'CHECK', "x'", '0', 'é', '💥');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (rest) => {
          const sql = `CREATE TABLE t (${rest}`;
          readIndexDdl(rest);
          const judged = judge(sql);
          if (judged !== 'unknown') assert.equal(readTableDdl(sql) !== null, judged === 'well formed', sql);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('checks with their names and the text as written, after characters of any width', () => {
    const ddl = readTableDdl(`CREATE TABLE t ("💥é" INT CONSTRAINT pos CHECK ( a > 0 -- why\n), CHECK ((b) <> ')')) /* CHECK (b`);
    assert.deepEqual(ddl?.checks, [
      { name: 'pos', expression: 'a > 0' },
      { name: null, expression: "(b) <> ')'" },
    ]);
  });

  it('AUTOINCREMENT in every place where it may stand, and in none where it may not', () => {
    for (const [sql, expected] of [
      ['CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)', true],
      ['CREATE TABLE t (a INTEGER CONSTRAINT c PRIMARY KEY ON CONFLICT ABORT autoincrement, b)', true],
      ['CREATE TABLE t (a INTEGER, PRIMARY KEY (a AUTOINCREMENT))', true],
      ["CREATE TABLE t (a INTEGER PRIMARY KEY, b DEFAULT 'AUTOINCREMENT')", false],
      ['CREATE TABLE "autoincrement" (a INTEGER PRIMARY KEY, "AUTOINCREMENT")', false],
      ['CREATE TABLE t (a INTEGER PRIMARY KEY -- AUTOINCREMENT\n)', false],
    ] as const) {
      assert.equal(readTableDdl(sql)?.autoincrement, expected, sql);
    }
  });

  it('an index with nested calls, commas in texts and a collation', () => {
    assert.deepEqual(readIndexDdl(`CREATE INDEX i ON t (coalesce(a, ','), "b" COLLATE NOCASE ASC, (c || 'x') DESC) WHERE a = 'WHERE (';`), {
      expressions: [`coalesce(a, ',')`, '"b"', `(c || 'x')`],
      where: `a = 'WHERE ('`,
    });
    assert.equal(readIndexDdl('CREATE INDEX i ON t (a)')?.where, null);
  });
});
