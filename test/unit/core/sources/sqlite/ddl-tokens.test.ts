import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ddlTokens, textOf } from '../../../../../src/core/sources/sqlite/ddl-tokens.ts';
import { readIndexDdl } from '../../../../../src/core/sources/sqlite/index-ddl.ts';
import { readTableDdl } from '../../../../../src/core/sources/sqlite/table-ddl.ts';

describe('the text of CREATE statements', () => {
  it('comments, texts and the four kinds of quotes', () => {
    const tokens = ddlTokens(`create/* ( */ "a""b" [c ] \`d\`\`\` 'it''s (' x'0f' 1.5e3 -- ) to the end\n,ünï$1)(`);
    assert.deepEqual(
      tokens.map(({ word, name }) => [word, name]),
      [
        ['CREATE', 'create'],
        ['"a""b"', 'a"b'],
        ['[c ]', 'c '],
        ['`d```', 'd`'],
        ["'it''s ('", null],
        ["x'0f'", null],
        ['1.5e3', null],
        [',', null],
        ['ÜNÏ$1', 'ünï$1'],
        [')', null],
        ['(', null],
      ],
    );
  });

  it('tokens in order and white space are the whole text, for any text (property)', () => {
    const piece = fc.constantFrom('(', ')', ',', "'", '"', '[', ']', '`', '--', '/*', '*/', '\n', ' ', 'a', 'CHECK', "x'", '0', 'é', '💥');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (sql) => {
          let at = 0;
          for (const token of ddlTokens(sql)) {
            assert.ok(token.start >= at && token.end > token.start);
            at = token.end;
          }
          assert.ok(at <= sql.length);
          readTableDdl(sql);
          readIndexDdl(sql);
        },
      ),
    );
  });

  it('a comment that never ends, as SQLite allows it', () => {
    const ddl = readTableDdl('CREATE TABLE t (a CHECK (a > 0)) /* CHECK (b');
    assert.deepEqual(ddl.checks, ['CHECK (a > 0)']);
  });

  it('AUTOINCREMENT in every place where it may stand, and in none where it may not', () => {
    for (const [sql, expected] of [
      ['CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)', true],
      ['CREATE TABLE t (a INTEGER CONSTRAINT c PRIMARY KEY ON CONFLICT ABORT autoincrement, b)', true],
      ["CREATE TABLE t (a INTEGER PRIMARY KEY, b DEFAULT 'AUTOINCREMENT')", false],
      ['CREATE TABLE autoincrement (a INTEGER PRIMARY KEY, "AUTOINCREMENT")', false],
      ['CREATE TABLE t (a INTEGER PRIMARY KEY -- AUTOINCREMENT\n)', false],
    ] as const) {
      assert.equal(readTableDdl(sql).autoincrement, expected, sql);
    }
  });

  it('an index with nested calls, commas in texts and a collation', () => {
    assert.deepEqual(readIndexDdl(`CREATE INDEX i ON t (coalesce(a, ','), "b" COLLATE NOCASE ASC, (c || 'x') DESC) WHERE a = 'WHERE (';`), {
      expressions: [`coalesce(a, ',')`, '"b"', `(c || 'x')`],
      where: `a = 'WHERE ('`,
    });
    assert.equal(readIndexDdl('CREATE INDEX i ON t (a)').where, null);
  });

  it('the text of no tokens is empty', () => assert.equal(textOf('x', []), ''));
});
