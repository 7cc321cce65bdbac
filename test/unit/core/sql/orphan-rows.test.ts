import assert from 'node:assert/strict';
import {
  countOrphansSql,
  findOrphansSql,
  firstOrphansSql,
  orphanRowsSql,
  spreadOrphansSql,
  textsAtPlacesSql,
} from '../../../../src/core/sql/orphan-rows.ts';
import { atPlacesSql } from '../../../../src/core/sql/row-place.ts';

const key = {
  child: { schema: 's', table: 'chi"ld' },
  columns: ['x', 'y"'],
  parent: { schema: 'other', table: 'Parent' },
  parentColumns: ['b', 'a'],
};
const same = `parent."b" = child."x" AND parent."a" = child."y"""`;
const orphans = `FROM "s"."chi""ld" AS child WHERE child."x" IS NOT NULL AND child."y""" IS NOT NULL AND NOT EXISTS (SELECT FROM "other"."Parent" AS parent WHERE ${same})`;
const oneLine = (sql: string): string => sql.replace(/\s+/g, ' ');

describe('SQL of rows without a parent', () => {
  it('a row with a NULL in its key refers to nothing', () =>
    assert.equal(countOrphansSql(key), `SELECT count(*)::text AS orphans ${orphans}`));

  it('counts and lists in one look', () =>
    assert.equal(
      oneLine(firstOrphansSql(key, ['id', 'x'], 7)),
      `WITH orphans AS MATERIALIZED (SELECT child.tableoid AS relation, child.ctid AS place ${orphans}), firsts AS (SELECT relation, place FROM orphans ORDER BY relation, place LIMIT 7) ` +
        `SELECT (SELECT count(*) FROM orphans), t.tableoid::text || t.ctid::text, t."id", t."x" FROM "s"."chi""ld" AS t JOIN firsts ON t.tableoid = firsts.relation AND t.ctid = firsts.place ORDER BY t.tableoid, t.ctid`,
    ));

  it('finds them, and those whose only parent is one of them, once each', () => {
    assert.equal(
      findOrphansSql(2, 5, key),
      `INSERT INTO pg_temp.sluice_orphan SELECT 2, child.tableoid, child.ctid, 5, 0 ${orphans} ON CONFLICT DO NOTHING`,
    );
    assert.equal(
      oneLine(spreadOrphansSql(2, 5, key, 1, 3)),
      `INSERT INTO pg_temp.sluice_orphan SELECT 2, child.tableoid, child.ctid, 5, 3 FROM pg_temp.sluice_orphan AS gone JOIN "other"."Parent" AS parent ON parent.tableoid = gone.relation AND parent.ctid = gone.place ` +
        `JOIN "s"."chi""ld" AS child ON ${same} WHERE gone.tab = 1 AND gone.level = 2 ON CONFLICT DO NOTHING`,
    );
  });

  it('reads rows with their places, also of a table whose columns are all computed', () => {
    assert.match(
      oneLine(orphanRowsSql(0, key.child, ['x'], 9)),
      /, t\.tableoid::text \|\| t\.ctid::text, t\."x" FROM .* WHERE orphan\.tab = 0 LIMIT 9$/,
    );
    assert.match(oneLine(orphanRowsSql(0, key.child, [], 9)), /, t\.tableoid::text \|\| t\.ctid::text FROM /);
    assert.equal(
      textsAtPlacesSql(key.child, ['y"']),
      `SELECT t.tableoid::text || t.ctid::text AS place, json_build_array(t."y"""::text)::text AS texts FROM "s"."chi""ld" AS t WHERE ${atPlacesSql('t', '$1')} ORDER BY t.tableoid, t.ctid`,
    );
  });
});
