import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';

describeCase('S24', 'defaults', (setting) => {
  it('every form is translated or dropped with a warning, never fatal; a new row gets what SQLite would have given', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY, made DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%S', 'now')), three INTEGER DEFAULT (1+2),
            token TEXT DEFAULT (hex(randomblob(4))), long TEXT DEFAULT (lower(hex(randomblob(20)))), raw BLOB DEFAULT (randomblob(9)), word TEXT DEFAULT "dq", quoted TEXT DEFAULT 'it''s',
            nil TEXT DEFAULT NULL, stamp TEXT DEFAULT CURRENT_TIMESTAMP, bare TEXT DEFAULT word, neg REAL DEFAULT -1.5, hexed INT DEFAULT 0x1F, bytes BLOB DEFAULT x'00ff',
            flag BOOLEAN DEFAULT 0, put TEXT DEFAULT ('a' || 'b'), secs INTEGER DEFAULT (60*60*24), low TEXT DEFAULT (lower('ABC')), odd TEXT DEFAULT (printf('%05d', 42)),
            what INTEGER DEFAULT (abs(random()) % 10), thousand INTEGER DEFAULT 1_000, late INTEGER DEFAULT (CASE WHEN 1 THEN 2 ELSE 3 END));
          INSERT INTO t (id, made, stamp, flag, bytes, raw) VALUES (1, '2024-01-02 03:04:05', 'x', 1, x'01', x'02');`,
      },
      async (run) => {
        const added =
          await run.query(`INSERT INTO ${run.name('t')} DEFAULT VALUES RETURNING abs(extract(epoch FROM now() - made)) < 60 AS is_now, three::text, token ~ '^[0-9A-F]{8}$' AS is_token, long ~ '^[0-9a-f]{40}$' AS is_long,
          length(raw), word, quoted, nil, stamp ~ '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$' AS is_stamp, bare, neg::text, hexed::text, bytes::text, flag, put, secs::text, low, odd, what, thousand::text, late::text`);
        assert.deepEqual(added, [
          [
            true,
            '3',
            true,
            true,
            9,
            'dq',
            "it's",
            null,
            true,
            'word',
            '-1.5',
            '31',
            '\\x00ff',
            false,
            'ab',
            '86400',
            'abc',
            null,
            null,
            '1000',
            '2',
          ],
        ]);
        const tokens = await run.query(
          `INSERT INTO ${run.name('t')} (three) SELECT 1 FROM generate_series(1, 50) RETURNING token || long || raw::text`,
        );
        assert.equal(new Set(tokens.map(([token]) => token)).size, 50, 'random each time');
        await run.query(`DELETE FROM ${run.name('t')} WHERE id > 1`);
        const dropped = run.planned.warnings.filter(({ code }) => code === 'dropped-default').map(({ message }) => message);
        assert.deepEqual(
          dropped.map((message) => /^Column (\w+):/.exec(message)?.[1]),
          ['odd', 'what'],
        );
        assert.match(run.reportText, /Column odd: its default printf/);
      },
    ));
});
