import assert from 'node:assert/strict';
import { fromOwnRows, ownRowsQuery } from '../../../../src/core/sql/existing/own-rows.ts';
import { emptyTablesSql, undoWritesSql } from '../../../../src/core/sql/existing/restore.ts';
import {
  copyToStagingSql,
  createStagingSql,
  insertStagedSql,
  writeStagedSql,
  type SqlStagedTable,
} from '../../../../src/core/sql/existing/staging.ts';

const id = { name: 'i"d', type: 'bigint', alwaysIdentity: true };
const name = { name: 'name', type: 'character varying(5)', alwaysIdentity: false };
const extra = { name: 'extra', type: 'json', alwaysIdentity: false };
const table: SqlStagedTable = {
  runId: "r-'1",
  mode: 'upsert',
  undo: true,
  to: { schema: 's', table: 'T' },
  label: 's.T',
  columns: [id, name, extra],
  key: [id],
  conflict: ['i"d'],
  uniques: [{ name: 'pk', columns: [id] }],
  stagingTypes: ['bigint', 'text'],
  written: ['i"d', 'name'],
  after: [],
  circle: [],
  foreignKeys: [],
  inOrder: true,
};

describe('SQL of tables that were there before a run', () => {
  it('stages rows in the types of the plan and quotes every name', () => {
    assert.equal(createStagingSql(table), 'CREATE TEMPORARY TABLE "pg_temp"."sluice_staging" ("i""d" bigint, "name" text) ON COMMIT DROP');
    assert.equal(copyToStagingSql(table), 'COPY "pg_temp"."sluice_staging" ("i""d", "name") FROM STDIN (FORMAT binary)');
  });

  const conflicts: readonly (readonly [string, Partial<SqlStagedTable>, string])[] = [
    ['overwrites columns of the plan only', {}, ' ON CONFLICT ("i""d") DO UPDATE SET "name" = EXCLUDED."name"'],
    ['adds without a conflict clause', { conflict: [] }, ''],
    ['never sets an identity that is always generated', { conflict: ['name'] }, ' ON CONFLICT ("name") DO UPDATE SET "name" = t."name"'],
    ['keeps a row of nothing but a key', { written: ['i"d'] }, ' ON CONFLICT ("i""d") DO UPDATE SET "i""d" = t."i""d"'],
  ];
  for (const [title, change, clause] of conflicts) {
    it(title, () => {
      const changed = { ...table, ...change };
      const values = changed.written.map((column) => `s."${column.replaceAll('"', '""')}"`).join(', ');
      assert.ok(
        insertStagedSql(changed).endsWith(`SELECT ${values} FROM "pg_temp"."sluice_staging" AS s WHERE true ORDER BY s.ctid${clause}`),
      );
    });
  }

  it('looks at the row before only where one can have been overwritten and is to be kept', () => {
    assert.match(writeStagedSql([table]), / LEFT JOIN "s"\."T" AS old ON old\."i""d" = w\."i""d" ORDER BY w\.sluice_row\)$/);
    assert.doesNotMatch(writeStagedSql([{ ...table, undo: false }]), /\bold\b/);
    assert.doesNotMatch(writeStagedSql([{ ...table, conflict: [] }]), /\bold\b/);
  });

  it('finds the rows of the run by the key of the ledger, else by content', () => {
    assert.match(
      fromOwnRows(table, 't', 'u'),
      /u\.run_id = 'r-''1' AND u\.table_label = 's\.T'.* AND t\."i""d" = \(u\.key\[1\]\)::bigint$/,
    );
    assert.match(
      fromOwnRows({ ...table, key: [] }, 't', 'u'),
      /row_number\(\) OVER \(PARTITION BY placed\.digest\)[^]*t\.ctid = u\.place$/,
    );
    assert.match(
      ownRowsQuery(table, table.written, table.stagingTypes),
      /^SELECT t\."i""d"::bigint AS "i""d", t\."name"::text AS "name" FROM /,
    );
  });

  it('restores every column but those that cannot be set', () => {
    assert.match(
      undoWritesSql([table], 'any'),
      /UPDATE "s"\."T" AS t SET "name" = \(u\.before\[2\]\)::character varying\(5\), "extra" = \(u\.before\[3\]\)::json FROM/,
    );
    assert.match(
      undoWritesSql([table], 'backwards'),
      /ORDER BY u\.ordinal DESC\s+ON CONFLICT \("i""d"\) DO UPDATE SET "name" = EXCLUDED\."name", "extra" = EXCLUDED\."extra" RETURNING/,
    );
  });

  it('deletes, and never truncates or drops', () => {
    for (const sql of [emptyTablesSql([table]), emptyTablesSql([{ ...table, undo: false }])]) {
      assert.match(sql, /DELETE FROM "s"\."T"/);
      assert.doesNotMatch(sql, /TRUNCATE|DROP/);
    }
  });
});
