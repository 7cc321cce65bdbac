import assert from 'node:assert/strict';
import { validatePlan } from '../../../src/core/plan/validate-plan.ts';
import { describeCase } from '../../helpers/case-setting.ts';

const columns = (count: number, type: string): string => Array.from({ length: count }, (_, i) => `c${i} ${type}`).join(', ');
const values = (count: number, row: number): string => Array.from({ length: count }, (_, i) => `${row * 1_000_000_000_000 + i}`).join(', ');

describeCase('S43', 'tables wider than PostgreSQL', (setting) => {
  it('1,700 columns: several tables with one key; keys, indexes and references follow', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${columns(1700, 'INT')}, last TEXT COLLATE NOCASE UNIQUE, twice INT AS (c1699 * 2), UNIQUE (c0, c1699), CHECK (c1699 IS NULL OR c1699 > 0));
          CREATE INDEX first ON wide (c0, c1); CREATE INDEX late ON wide (c1698 DESC); CREATE INDEX both ON wide (c0, c1698);
          CREATE TABLE child (id INTEGER PRIMARY KEY, wide INT REFERENCES wide ON DELETE CASCADE); CREATE TABLE t (id INTEGER PRIMARY KEY);
          INSERT INTO wide (id, c0, c1699, last) VALUES (1, 10, 11, 'A'), (2, NULL, NULL, NULL); INSERT INTO child VALUES (1, 2);`,
      },
      async (run) => {
        const parts = run.plan.tables.filter(({ from }) => from === 'wide').map(({ to }) => String(to));
        assert.deepEqual(parts, ['wide', 'wide_2']);
        const joined = `${run.name('wide')} w JOIN ${run.name('wide_2')} v ON v.id = w.id`;
        assert.deepEqual(await run.query(`SELECT w.id::text, c0::text, c1699::text, last, twice::text FROM ${joined} ORDER BY 1`), [
          ['1', '10', '11', 'A', '22'],
          ['2', null, null, null, null],
        ]);
        await run.attempt(async (session) => {
          const { rows } = await session.query(`INSERT INTO ${run.name('wide')} (c0) VALUES (1) RETURNING id::text`);
          assert.deepEqual(rows, [{ id: '3' }]);
          await assert.rejects(session.query(`INSERT INTO ${run.name('wide_2')} (id, last) VALUES (3, 'a')`), /duplicate/);
        });
        const said = run.planned.warnings
          .filter(({ code }) => code === 'split-table' || code === 'dropped-by-split')
          .map(({ message }) => message);
        assert.match(said[0] ?? '', /becomes 2 tables with the same key \(wide, wide_2\): it has 1703 columns and PostgreSQL allows 1600/);
        assert.deepEqual([said.length, /"c0","c1699"/.test(said[1] ?? ''), /"both"/.test(said[2] ?? '')], [3, true, true]);
        assert.match(run.reportText, /becomes 2 tables with the same key/);
      },
    ));

  it('1,500 filled bigint columns fit no page: split as well', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${columns(1500, 'INT')}); INSERT INTO wide VALUES (1, ${values(1500, 1)}), (2, ${values(1500, 2)});`,
      },
      async (run) => {
        assert.equal(run.plan.tables.length, 2);
        assert.deepEqual(
          await run.query(`SELECT c0::text, c1499::text FROM ${run.name('wide')} JOIN ${run.name('wide_2')} USING (id) ORDER BY id`),
          [
            ['1000000000000', '1000000001499'],
            ['2000000000000', '2000000001499'],
          ],
        );
      },
    ));

  it('without a primary key: split by the number that SQLite gives each row, which PostgreSQL goes on with', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE wide (${columns(1996, 'INT')}, sluice_row TEXT, rowid TEXT, twice INT AS (c1995 * 2), last TEXT UNIQUE); CREATE INDEX late ON wide (c1995);
          INSERT INTO wide (_rowid_, c0, c1995, sluice_row, last) VALUES (-7, 1, 11, 'own', 'A'), (3, 1, 11, 'own', NULL), (9007199254740993, NULL, NULL, NULL, NULL);`,
      },
      async (run) => {
        const key = run.plan.tables[0]?.primaryKey?.[0] ?? '';
        assert.match(key, /^sluice_row_[0-9a-f]{8}$/, 'the store has a column sluice_row');
        const parts = run.plan.tables.map(({ to, primaryKey }) => [String(to), primaryKey]);
        assert.deepEqual(parts, [
          ['wide', [key]],
          ['wide_2', [key]],
        ]);
        const joined = `${run.name('wide')} JOIN ${run.name('wide_2')} USING (${key})`;
        assert.deepEqual(
          await run.query(`SELECT ${key}::text, c0::text, c1995::text, twice::text, sluice_row, last FROM ${joined} ORDER BY ${key}`),
          [
            ['-7', '1', '11', '22', 'own', 'A'],
            ['3', '1', '11', '22', 'own', null],
            ['9007199254740993', null, null, null, null, null],
          ],
        );
        await run.attempt(async (session) => {
          const { rows } = await session.query(`INSERT INTO ${run.name('wide')} (c0) VALUES (1) RETURNING ${key}::text AS row`);
          assert.deepEqual(rows, [{ row: '9007199254740994' }]);
        });
        assert.match(
          run.planned.warnings.map(({ code, message }) => `${code} ${message}`).join('\n'),
          /numbered-rows The table has no primary key: sluice_row_[0-9a-f]{8}, the number that the store gives each row/,
        );
      },
    ));

  it('without a primary key, filled beyond a page and with rejected rows: each part says which', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE wide (${columns(1500, 'INT')}, CHECK (c0 < 2000000000000)); PRAGMA ignore_check_constraints = on;
          INSERT INTO wide VALUES (${values(1500, 1)}), (${values(1500, 2)});`,
      },
      async (run) => {
        assert.deepEqual(
          run.plan.tables.map(({ primaryKey }) => primaryKey),
          [['sluice_row'], ['sluice_row']],
        );
        assert.deepEqual(await run.query(`SELECT sluice_row::text, c0::text FROM ${run.name('wide')}`), [['1', '1000000000000']]);
        assert.deepEqual(await run.query(`SELECT sluice_row::text, c1499::text FROM ${run.name('wide_2')} ORDER BY 1`), [
          ['1', '1000000001499'],
          ['2', '2000000001499'],
        ]);
        assert.deepEqual(
          run.rejects.map(({ provenance }) => provenance),
          ['rowid 2'],
        );
      },
    ));

  it('without a primary key and with the number of its rows hidden: the plan says so before the run, with the remedy', async () => {
    const { warnings, text } = await setting.plan({
      sql: `CREATE TABLE wide (${columns(1997, 'BLOB')}, rowid, _rowid_, oid); INSERT INTO wide (c0, c1996) VALUES (1, x'02');`,
    });
    assert.match(
      warnings.map(({ code, message }) => `${code} ${message}`).join('\n'),
      /too-many-columns The table is too wide: it has 2000 columns and PostgreSQL allows 1600\. It has no primary key, and the store has no number of its rows that can be read; leave columns out/,
    );
    assert.match(
      validatePlan(text)
        .problems.map(({ message }) => message)
        .join('\n'),
      /has 2000 columns and PostgreSQL allows 1600: split it/,
    );
  });
});
