import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { placeCondition } from '../../../src/commands/place-condition.ts';
import type { RowsColumn } from '../../../src/core/model/rows.ts';
import { orderOf } from '../../../src/core/sources/sqlite/row-order.ts';
import { readTableLayout } from '../../../src/core/sources/sqlite/table-layout.ts';

const column = (name: string, key: number | null = null): RowsColumn => ({
  name,
  type: 'TEXT',
  nullable: true,
  key,
  align: 'left',
  vector: null,
  references: null,
});

describe('condition of a place', () => {
  for (const [title, place, columns, condition] of [
    ['a rowid', 'rowid -5', [column('id')], 'rowid = -5'],
    ['a rowid whose name is taken', 'rowid 5', [column('RowId'), column('_rowid_')], 'oid = 5'],
    ['a rowid that has no name', 'rowid 5', [column('rowid'), column('_rowid_'), column('oid')], null],
    ['a position', 'row 5', [column('id')], null],
    ['a key', "key 'a', 17", [column('n', 1), column('a', 0)], `"a" = 'a' AND "n" = 17`],
    ['a key of another table', "key 'a', 17", [column('a', 0)], null],
  ] as const) {
    it(title, () => assert.equal(placeCondition(place, columns), condition));
  }

  it('finds exactly the row, whatever its key is', () => {
    const database = new Database(':memory:');
    database.defaultSafeIntegers();
    database.exec('CREATE TABLE t (a ANY, b ANY, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID');
    const insert = database.prepare('INSERT INTO t VALUES (?, ?)');
    const values = ["p', 'q", "q', 'r", "it's", 'a, text x', "x'ff'", 'nul\0', '', 'plain', 7n, -2.5, 1e300, -Infinity, Buffer.of(0, 255)];
    for (const a of values) for (const b of values) insert.run(a, b);
    const order = orderOf(readTableLayout(database, 't', 'memory'));
    const columns = [column('a', 0), column('b', 1)];
    for (const key of database.prepare('SELECT a, b FROM t').raw().all() as never[][]) {
      const place = order.provenanceOf(order.cursorAt(key, 0, undefined));
      const found = database
        .prepare(`SELECT a, b FROM t WHERE ${placeCondition(place, columns)}`)
        .raw()
        .all();
      assert.deepEqual(found, [key], place);
    }
    database.close();
  });
});
