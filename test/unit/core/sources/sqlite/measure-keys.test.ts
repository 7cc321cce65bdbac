import assert from 'node:assert/strict';
import type { KeyPart, KeyRequest, MeasuredKeys } from '../../../../../src/core/sources/source.ts';
import { SqliteSetting } from './sqlite-setting.ts';

const rows = `CREATE TABLE t (a TEXT, n INTEGER, b BLOB);
  INSERT INTO t VALUES (printf('%.100c', 'x'), 1, NULL), (printf('%.50c', 'é'), 2, zeroblob(60)), ('short', 3, NULL), (NULL, 4, NULL);`;

describe('S46 measuring keys of an index in SQLite', () => {
  const setting = new SqliteSetting();
  afterEach(() => setting.clear());

  const measure = async (sql: string, request: Partial<KeyRequest>): Promise<MeasuredKeys> =>
    (await setting.with(sql)).measureKeys('t', { parts: [{ column: 'a' }], where: null, limit: 90, ...request });

  const cases: readonly (readonly [what: string, request: Partial<KeyRequest>, rows: number, bytes: number, places: readonly string[]])[] =
    [
      ['bytes and not characters count', {}, 2, 100, ['rowid 1', 'rowid 2']],
      ['a key of just the limit is not too long', { limit: 100 }, 0, 0, []],
      ['only rows in the index count', { where: 'n > 1 -- not the first' }, 1, 100, ['rowid 2']],
      ['the parts of a key are added up', { parts: [{ column: 'a' }, { column: 'b' }], limit: 120 }, 1, 160, ['rowid 2']],
      ['expressions are evaluated', { parts: [{ expression: "a || a || '!' -- twice" }], limit: 150 }, 2, 201, ['rowid 1', 'rowid 2']],
      ['a number is as long as its digits', { parts: [{ column: 'n' }], limit: 0 }, 4, 1, ['rowid 1', 'rowid 2', 'rowid 3', 'rowid 4']],
    ];
  for (const [what, request, expected, bytes, places] of cases) {
    it(what, async () => {
      const found = await measure(rows, request);
      assert.deepEqual([found.rows, found.bytes], [expected, bytes]);
      assert.deepEqual(found.longest.map(({ place }) => place).toSorted(), places);
    });
  }

  it('in a UTF-16 database a text is never said to be longer than it is in UTF-8', async () => {
    const found = await measure(`PRAGMA encoding = 'UTF-16'; ${rows}`, {});
    assert.deepEqual([found.rows, found.bytes], [1, 100]);
  });

  it('gives the longest keys first, with their values', async () => {
    const { longest } = await measure(rows, { parts: [{ column: 'a' }, { column: 'n' }], limit: 4 });
    assert.deepEqual(
      longest.map(({ values }) => [String(values[0]).length, values[1]]),
      [
        [100, 1n],
        [50, 2n],
        [5, 3n],
      ],
    );
  });

  it('where nothing numbers the rows, no place is made up', async () => {
    const found = await measure(`CREATE TABLE t (a, rowid, oid, _rowid_); INSERT INTO t (a) VALUES (printf('%.100c', 'x'))`, {});
    assert.deepEqual([found.rows, found.longest.map(({ place }) => place)], [1, [null]]);
  });

  it('names what SQLite cannot evaluate', async () => {
    const refused: readonly Partial<KeyRequest>[] = [
      { parts: [{ expression: 'of_the_application(a)' } satisfies KeyPart] },
      { where: 'nothing = 1' },
      { where: '1) OR (1' },
    ];
    const source = await setting.with(rows);
    const request: KeyRequest = { parts: [{ column: 'a' }], where: null, limit: 90 };
    for (const changes of refused) await assert.rejects(source.measureKeys('t', { ...request, ...changes }), { code: 'filter-refused' });
  });
});
