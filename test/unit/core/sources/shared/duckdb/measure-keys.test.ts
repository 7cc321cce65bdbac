import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../../../../../src/core/engine-deps.ts';
import { attachSource, freezeSource } from '../../../../../../src/core/sources/registry.ts';
import type { KeyRequest, Source } from '../../../../../../src/core/sources/source.ts';
import { inDuckDb } from '../../../../../helpers/duckdb.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

const rows = `CREATE TABLE t (a VARCHAR, n INTEGER, b BLOB);
  INSERT INTO t VALUES (repeat('x', 100), 1, NULL), (repeat('é', 50), 2, CAST(repeat('\\x00', 60) AS BLOB)), ('short', 3, NULL), (NULL, 4, NULL);`;

describe('measuring keys of an index in DuckDB', () => {
  let folder: string;
  let source: Source;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-'));
    const path = join(folder, 'store.duckdb');
    await inDuckDb(path, async (connection) => void (await connection.run(rows)));
    source = await attachSource(await freezeSource(path, { scratch: folder, signal: new AbortController().signal }), silent);
  });

  after(async () => {
    await source.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const cases: readonly (readonly [what: string, request: Partial<KeyRequest>, rows: number, bytes: number, places: readonly string[]])[] =
    [
      ['bytes and not characters count', {}, 2, 100, ['rowid 0', 'rowid 1']],
      ['a key of just the limit is not too long', { limit: 100 }, 0, 0, []],
      ['only rows in the index count', { where: 'n > 1 -- not the first' }, 1, 100, ['rowid 1']],
      ['the parts of a key are added up', { parts: [{ column: 'a' }, { column: 'b' }], limit: 120 }, 1, 160, ['rowid 1']],
      ['expressions are evaluated', { parts: [{ expression: "a || a || '!' -- twice" }], limit: 150 }, 2, 201, ['rowid 0', 'rowid 1']],
    ];
  for (const [what, request, expected, bytes, places] of cases) {
    it(what, async () => {
      const found = await source.measureKeys('t', { parts: [{ column: 'a' }], where: null, limit: 90, ...request });
      assert.deepEqual([found.rows, found.bytes], [expected, bytes]);
      assert.deepEqual(found.longest.map(({ place }) => place).toSorted(), places);
    });
  }

  it('names what DuckDB cannot evaluate, and takes nothing but an expression', async () => {
    const request: KeyRequest = { parts: [{ column: 'a' }], where: null, limit: 90 };
    const refused: readonly Partial<KeyRequest>[] = [
      { parts: [{ expression: 'of_the_application(a)' }] },
      { parts: [{ expression: 'a) FROM t; SELECT (1' }] },
      { where: 'nothing = 1' },
      { where: '1) OR (1' },
    ];
    for (const changes of refused) await assert.rejects(source.measureKeys('t', { ...request, ...changes }), { code: 'filter-refused' });
  });
});
