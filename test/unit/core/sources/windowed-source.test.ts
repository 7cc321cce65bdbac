import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surveyWatermark } from '../../../../src/core/load/survey-watermark.ts';
import { rowAt, rowsIn, type RowBatch } from '../../../../src/core/model/row-batch.ts';
import { isInWindow, watermarkOf, type RowWindow, type Watermark } from '../../../../src/core/model/watermark.ts';
import type { SourceValue } from '../../../../src/core/model/source-value.ts';
import { attachSource, freezeSource } from '../../../../src/core/sources/registry.ts';
import type { Source } from '../../../../src/core/sources/source.ts';
import { windowedSource } from '../../../../src/core/sources/windowed-source.ts';
import { failsWith } from '../../../helpers/existing-tables.ts';
import { inDuckDb } from '../../../helpers/duckdb.ts';
import { never, openVerifyStore } from '../../../helpers/verify-store.ts';

const rule = { digits: false, nullTexts: ['-'] };
const digits = { digits: true, nullTexts: [''] };
const mark = (value: SourceValue, of = rule): Watermark => watermarkOf(value, of) as Watermark;
const windows: readonly (readonly [string, RowWindow])[] = [
  ['an integer', { column: 'v', rule, since: mark(9007199254740993n) }],
  ['a real', { column: 'v', rule, since: mark(7.5) }],
  ['digits', { column: 'v', rule: digits, since: mark('10', digits) }],
  ['a date', { column: 'v', rule, since: mark('2024-01-02') }],
  ['an instant', { column: 'v', rule, since: mark('2024-01-02T03:04:05+14:00') }],
];

describe('windowedSource', () => {
  const values = `(NULL), (-5), (7.5), (8), (9007199254740992), (9007199254740993), (9.5), ('9'), ('10'), ('2024-01-02'), ('2024-01-01'), ('2024-01-01T13:04:05Z'),
    ('2024-01-01 13:04:04Z'), ('2023-12-31T23:30:00-05:00'), ('2024-01-02 00:00:00.1'), ('2024-06-01'), (x'00'), (''), ('-'), ('soon')`;
  const layouts = {
    rowid: `CREATE TABLE t (v, name TEXT)`,
    'rowid, text': `CREATE TABLE t (v TEXT, name TEXT)`,
    'rowid, number': `CREATE TABLE t (v DATETIME, name TEXT)`,
    'rowid, NOCASE': `CREATE TABLE t (v TEXT COLLATE NOCASE, name TEXT)`,
    'rowid, indexed': `CREATE TABLE t (v, name TEXT); CREATE INDEX by_v ON t (v)`,
    key: `CREATE TABLE t (v, name TEXT, id INTEGER PRIMARY KEY) WITHOUT ROWID`,
    position: `CREATE TABLE t (v, name TEXT, rowid TEXT, _rowid_ TEXT, oid TEXT)`,
  };
  for (const [layout, table] of Object.entries(layouts))
    for (const [title, window] of windows)
      it(`SQLite, ${layout}: gives the rows from ${title} on, at their places, and no row twice`, async () => {
        const fill =
          layout === 'key'
            ? `INSERT INTO t (v, id) SELECT column1, row_number() OVER () FROM (VALUES ${values})`
            : `INSERT INTO t (v) VALUES ${values}`;
        const store = await openVerifyStore(`${table}; ${fill}; UPDATE t SET name = 'n' || coalesce(v, '')`);
        try {
          await assertWindow(store.source, 't', window);
        } finally {
          await store.remove();
        }
      });

  const duckdb = {
    number: ['BIGINT', '(NULL), (8), (9007199254740992), (9007199254740993), (10)'],
    real: ['DOUBLE', '(NULL), (8), (7.5), (7.25), (10)'],
    text: ['VARCHAR', "(NULL), ('2024-01-02'), ('2023-12-31T23:30:00-05:00'), ('2024-01-01'), ('-'), ('9'), ('10'), ('soon'), ('')"],
    date: ['DATE', "(NULL), ('2024-01-02'), ('2024-01-01'), ('2023-12-31')"],
    timestamp: ['TIMESTAMP', "(NULL), ('2024-01-02 00:00:00.000001'), ('2024-01-01 23:59:59.999999'), ('2024-01-02')"],
    instant: ['TIMESTAMPTZ', "(NULL), ('2024-01-01 13:04:05Z'), ('2024-01-01 13:04:04.9Z'), ('2024-01-02 00:00:00Z')"],
  } as const;
  it('DuckDB: gives the rows from each of them on, whatever the type of the column', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-window-'));
    try {
      const path = join(folder, 'store.duckdb');
      await inDuckDb(path, async (connection) => {
        for (const [name, [type, rows]] of Object.entries(duckdb)) {
          await connection.run(`CREATE TABLE "${name}" (v ${type}, name VARCHAR)`);
          await connection.run(`INSERT INTO "${name}" SELECT col0, col0::VARCHAR FROM (VALUES ${rows})`);
        }
      });
      const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
      const source = await attachSource(await freezeSource(path, { scratch: folder, signal: never }), log);
      for (const name of Object.keys(duckdb)) for (const [, window] of windows) await assertWindow(source, name, window);
      await source.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('without windows it is the source itself', async () => {
    const store = await openVerifyStore('CREATE TABLE t (v)');
    assert.equal(windowedSource(store.source, [null]), store.source);
    await store.remove();
  });
});

describe('surveyWatermark', () => {
  const cases: readonly (readonly [string, string, RegExp | readonly [Watermark | null, number]])[] = [
    ['the highest value of all rows', '(3), (NULL), (7.5), (7)', [mark(7.5), 4]],
    ['no value at all', "(NULL), ('-')", [null, 2]],
    ['a text that is no time', "('soon')", /rowid 1 has neither a number nor a date/],
    ['bytes', "(NULL), (x'00')", /rowid 2 has neither/],
    ['numbers beside times', "(7), ('2024-01-02')", /rowid 2 has a date or time without a zone, where earlier rows have a number/],
    ['times with and without a zone', "('2024-01-02 03:04:05'), ('2024-01-02 03:04:05Z')", /rowid 2 has a time with a zone/],
  ];
  for (const [title, rows, expected] of cases)
    it(title, async () => {
      const store = await openVerifyStore(`CREATE TABLE t (v); INSERT INTO t VALUES ${rows}`);
      const table = { from: 't', label: 'public.t', watermark: { column: 'v', to: 'changed', rule } };
      let told = 0;
      const onRows = (count: number): void => void (told += count);
      const survey = surveyWatermark({ source: store.source, table, since: null, signal: never, onRows });
      if (expected instanceof RegExp) await assert.rejects(survey, failsWith('watermark-unfit', expected, /public\.t.* changed/));
      else {
        assert.deepEqual(await survey, { highest: expected[0], rows: expected[1] });
        assert.equal(told, expected[1]);
      }
      await store.remove();
    });
});

/**
 * Rows that are given are those that are in the window, in order; what the source itself leaves out is in none. Times with a zone beside those without are
 * refused where they are seen, and a store need not look for them among its older rows.
 */
async function assertWindow(source: Source, table: string, window: RowWindow): Promise<void> {
  const isOther = (value: SourceValue): boolean => {
    const found = watermarkOf(value, window.rule);
    return typeof found !== 'string' && found.kind !== window.since.kind && found.kind !== 'number' && window.since.kind !== 'number';
  };
  const all = (await read(source, table, {})).filter(({ value }) => !isOther(value));
  const places = new Set(all.map(({ place }) => place));
  const told = (rows: readonly ReadRow[]): unknown => rows.flatMap(({ place, name }) => (places.has(place) ? [{ place, name }] : []));
  const expected = all.filter(({ value }) => isInWindow(value, window));
  assert.ok(expected.length > 0);
  const own = await read(source, table, { window });
  for (const { place } of expected)
    assert.ok(
      own.some((row) => row.place === place),
      `${place} was left out by the store`,
    );
  const narrowed = await read(windowedSource(source, [window]), table, {}, ['name']);
  assert.deepEqual(told(narrowed), told(expected));
  const behind = narrowed[0]?.cursor ?? '';
  const rest = await read(windowedSource(source, [window]), table, { after: behind }, ['name']);
  assert.deepEqual(told(rest), told(narrowed.slice(1)));
}

interface ReadRow {
  readonly name: SourceValue;
  readonly value: SourceValue;
  readonly place: string;
  readonly cursor: string;
}

async function read(
  source: Source,
  table: string,
  options: { readonly after?: string; readonly window?: RowWindow },
  columns: readonly string[] = ['name', 'v'],
): Promise<readonly ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const batch of source.readBatches(table, { ...options, columns, signal: never }))
    for (let row = 0; row < rowsIn(batch); row++) {
      const values = rowAt(batch, row);
      assert.equal(values.length, columns.length);
      rows.push({ name: values[0] ?? null, value: values[1] ?? null, place: batch.provenanceAt(row), cursor: batch.cursorAt(row) });
    }
  return rows;
}

describe('windowedSource of documents', () => {
  it('narrows each table of a group by its own window; the place behind the documents stays', async () => {
    const batch = (rows: readonly (readonly SourceValue[])[]): RowBatch => ({
      rows,
      cursorAt: () => '',
      provenanceAt: (row) => `row ${row}`,
      brokenAt: (row) => (rows[row]?.[0] === null ? { code: 'unreadable-document', message: 'broken' } : null),
      bytes: 30,
    });
    const asked: unknown[] = [];
    const readGroup: Source['readGroup'] = async function* (tables) {
      await Promise.resolve();
      asked.push(...tables.map(({ columns }) => columns));
      yield {
        batches: [
          batch([
            ['a', 1n],
            ['b', 5n],
            [null, null],
          ]),
          batch([['x'], ['y']]),
        ],
        cursor: 'behind',
      };
    };
    const source = { capabilities: { sql: false, ranges: false, backup: false, groups: true }, readGroup } as unknown as Source;
    const windows = [{ column: 'at', rule, since: mark(5n) }, null];
    const tables = [
      { table: 'parents', columns: ['name'] },
      { table: 'children', columns: ['text'] },
    ];
    for await (const { batches, cursor } of windowedSource(source, windows).readGroup?.(tables, { signal: never }) ?? []) {
      assert.deepEqual(
        batches.map(({ rows }) => rows),
        [
          [['b'], [null]],
          [['x'], ['y']],
        ],
      );
      assert.deepEqual([batches[0]?.provenanceAt(0), batches[0]?.brokenAt?.(1)?.message, cursor], ['row 1', 'broken', 'behind']);
    }
    assert.deepEqual(asked, [['name', 'at'], ['text']]);
  });
});
