import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrowseSession, exportRows, type RowsSubject } from '../../../src/core/index.ts';
import type { ExportFormat, RowsView } from '../../../src/core/model/rows.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { openBench } from '../../helpers/open-bench.ts';
import { requirePython } from '../../helpers/oracle.ts';

const never = new AbortController().signal;
const whole: RowsView = { filter: null, sort: [], columns: null };

const awkward = `('plain'), (''), (NULL), (' spaced '), ('a,b'), ('say "hi"'), ('line1' || chr(13) || chr(10) || 'line2'), ('it''s \\n \\\\'), ('ü🎈'), ('| pipe'), ('null'), ('NULL')`;

const schema = `
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE "Out ""1""" (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text, big bigint, n numeric, f double precision, b boolean, j jsonb, raw bytea, at timestamptz, v vector(2), arr integer[], twice integer GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO "Out ""1""" (t) VALUES ${awkward};
UPDATE "Out ""1""" SET big = 9007199254740993 + id, n = 1.50, f = CASE id WHEN 1 THEN 'NaN' WHEN 2 THEN 1e300 ELSE 0.1 END, b = id % 2 = 0, j = '{"a": [1, null]}', raw = '\\x00ff', at = '2024-01-02 03:04:05+00', v = '[1,2.5]', arr = '{1,2}' WHERE id <> 5;
CREATE TABLE many AS SELECT i AS id, 'row ' || i AS t FROM generate_series(1, 20000) i;
CREATE TABLE one (x text); INSERT INTO one VALUES (NULL), (''), ('a');`;

const seed = `CREATE TABLE kinds (id INTEGER PRIMARY KEY, v);
INSERT INTO kinds VALUES (1, 9007199254740993), (2, 7), (3, 5.0), (4, 9e999), (5, 'it''s "x", y'), (6, x'0aff'), (7, NULL), (8, ''), (9, CAST(x'61ff' AS TEXT));`;

describeOnBothTargets('exporting rows', (withBench) => {
  let bench: Bench;
  let session: BrowseSession;
  let folder: string;
  let close: (() => Promise<void>) | undefined;

  before(async function () {
    requirePython(this);
    this.timeout(180_000);
    ({ bench, close } = await openBench(withBench, seed));
    folder = mkdtempSync(join(tmpdir(), 'sluice-export-'));
    session = new BrowseSession(bench.deps);
    await session.withTarget(bench.choice, never, (target) => target.query(schema));
  });
  after(async () => {
    await session?.close();
    await close?.();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const write = async (side: 'target' | 'source', table: string, format: ExportFormat, view: Partial<RowsView> = {}): Promise<string> => {
    const path = join(folder, `out.${format}`);
    const subject: RowsSubject =
      side === 'target' ? { side, target: bench.choice, schema: 'public', table } : { side, location: bench.store, table };
    await exportRows({ subject, view: { ...whole, ...view }, format, path, signal: never }, session);
    assert.deepEqual(readdirSync(folder), [`out.${format}`]);
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    return text;
  };

  it('CSV, JSON, SQL and Markdown are read back as they were', async () => {
    const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
      (await session.withTarget(bench.choice, never, (target) => target.query(sql))).rows;
    const texts = (await rows('SELECT t FROM "Out ""1""" ORDER BY id')).map(({ t }) => t);

    const csv = readCsv(await write('target', 'Out "1"', 'csv'));
    assert.deepEqual(csv[0], ['id', 't', 'big', 'n', 'f', 'b', 'j', 'raw', 'at', 'v', 'arr', 'twice']);
    assert.deepEqual(
      csv.slice(1).map((row) => row[1]),
      texts.map((text) => text ?? ''),
    );
    assert.deepEqual(csv[2]!.slice(2), [
      '9007199254740995',
      '1.50',
      '1e+300',
      'true',
      '{"a": [1, null]}',
      '\\x00ff',
      '2024-01-02 03:04:05+00',
      '[1,2.5]',
      '{1,2}',
      '4',
    ]);
    assert.match(await write('target', 'Out "1"', 'csv', { columns: ['id', 't'], filter: 'id IN (2, 3)' }), /^id,t\r\n2,""\r\n3,\r\n$/);
    assert.equal(
      await write('target', 'Out "1"', 'csv', { columns: ['id'], sort: [{ column: 'id', descending: true }], filter: 'id < 3' }),
      'id\r\n2\r\n1\r\n',
    );

    const json = JSON.parse(await write('target', 'Out "1"', 'json')) as Record<string, unknown>[];
    assert.deepEqual(
      json.map(({ t }) => t),
      texts,
    );
    assert.deepEqual(json[1], {
      id: 2,
      t: '',
      big: '9007199254740995',
      n: '1.50',
      f: 1e300,
      b: true,
      j: { a: [1, null] },
      raw: '\\x00ff',
      at: '2024-01-02 03:04:05+00',
      v: [1, 2.5],
      arr: '{1,2}',
      twice: 4,
    });
    assert.deepEqual([json[0]!['f'], json[4]!['big']], ['NaN', null]);
    assert.deepEqual(JSON.parse(await write('target', 'many', 'json', { filter: 'false' })), []);

    const insert = await write('target', 'Out "1"', 'sql');
    const fingerprint = 'SELECT md5(string_agg(o::text, \'|\' ORDER BY id)) AS hash FROM "Out ""1""" AS o';
    const before = (await rows(fingerprint))[0]!['hash'];
    await session.withTarget(bench.choice, never, (target) => target.query('DELETE FROM "Out ""1"""'));
    await session.withTarget(bench.choice, never, (target) => target.query(insert));
    assert.equal((await rows(fingerprint))[0]!['hash'], before);

    const markdown = (await write('target', 'Out "1"', 'markdown', { columns: ['id', 't'] })).split('\n');
    assert.deepEqual(markdown.slice(0, 5), ['| id | t |', '| --- | --- |', '| 1 | plain |', '| 2 |  |', '| 3 | *NULL* |']);
    assert.ok(markdown.includes('| 7 | line1<br>line2 |') && markdown.includes('| 10 | \\| pipe |'));
  });

  it('large tables go through in pieces; a table of one column keeps its NULLs; a store is exported alike', async () => {
    const csv = readCsv(await write('target', 'many', 'csv'));
    assert.deepEqual([csv.length, csv[20_000]], [20_001, ['20000', 'row 20000']]);
    assert.equal(await write('target', 'one', 'csv'), 'x\r\n\r\n""\r\na\r\n');
    assert.deepEqual(JSON.parse(await write('source', 'kinds', 'json')), [
      { id: 1, v: '9007199254740993' },
      { id: 2, v: 7 },
      { id: 3, v: 5 },
      { id: 4, v: 'Infinity' },
      { id: 5, v: `it's "x", y` },
      { id: 6, v: "x'0aff'" },
      { id: 7, v: null },
      { id: 8, v: '' },
      { id: 9, v: 'a\\xff' },
    ]);
    assert.equal(
      await write('source', 'kinds', 'csv', { filter: 'id BETWEEN 5 AND 8', sort: [{ column: 'id', descending: true }] }),
      `id,v\r\n8,""\r\n7,\r\n6,x'0aff'\r\n5,"it's ""x"", y"\r\n`,
    );
    assert.equal(
      await write('source', 'kinds', 'sql', { filter: 'id IN (5, 6, 7)' }),
      `INSERT INTO "kinds" ("id", "v") VALUES\n  (5, 'it''s "x", y'),\n  (6, E'\\\\x0aff'),\n  (7, NULL);\n`,
    );
  });

  it('leaves nothing behind when it is cancelled or cannot write', async () => {
    const path = join(folder, 'out.csv');
    writeFileSync(path, 'kept');
    const subject: RowsSubject = { side: 'target', target: bench.choice, schema: 'public', table: 'many' };
    const controller = new AbortController();
    const work = exportRows({ subject, view: whole, format: 'csv', path, signal: controller.signal }, session);
    setTimeout(() => controller.abort(), 5);
    await assert.rejects(work, { code: 'cancelled' });
    await sleep(300);
    assert.deepEqual(readdirSync(folder), ['out.csv']);
    assert.equal(readFileSync(path, 'utf8'), 'kept');
    await assert.rejects(
      exportRows({ subject, view: { ...whole, filter: '1 / (id - 500) = 0' }, format: 'csv', path, signal: never }, session),
      {
        code: 'filter-refused',
      },
    );
    assert.deepEqual(readdirSync(folder), ['out.csv']);
    const nowhere = join(folder, 'no', 'out.csv');
    await assert.rejects(exportRows({ subject, view: whole, format: 'csv', path: nowhere, signal: never }, session), {
      code: 'cannot-write-file',
    });
    const other: RowsSubject = { side: 'source', location: bench.store, table: 'kinds' };
    await assert.rejects(exportRows({ subject: other, view: whole, format: 'csv', path: nowhere, signal: never }, session), {
      code: 'cannot-write-file',
    });
    rmSync(path);
  });
});

/** As Python's csv module reads it. */
function readCsv(text: string): string[][] {
  const program =
    'import csv, io, json, sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline="")))))';
  return JSON.parse(execFileSync('python3', ['-c', program], { input: text, encoding: 'utf8', maxBuffer: 1 << 26 })) as string[][];
}
