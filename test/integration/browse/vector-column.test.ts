import assert from 'node:assert/strict';
import { BrowseSession, rowsPage, searchNeighbours, vectorColumn, type TargetChoice } from '../../../src/core/index.ts';
import type { NeighboursResult } from '../../../src/core/model/neighbours.ts';
import type { RowsPage } from '../../../src/core/model/rows.ts';
import { rowCondition } from '../../../src/panels/row-condition.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { openBench } from '../../helpers/open-bench.ts';

const signal = new AbortController().signal;
const schema = `
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE keyless (title text, embedding vector(2));
INSERT INTO keyless VALUES ('without', NULL), ('a', '[1,0]'), ('a', '[1,0]'), ('b''s \\ row', '[0,1]');
CREATE TABLE parted (n int, embedding vector(2)) PARTITION BY RANGE (n);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (10) TO (100);
INSERT INTO parted VALUES (1, '[1,0]'), (11, '[0.9,0.1]');
CREATE TABLE "Odd ""one""" ("b 'b'" text, a timestamptz, n float8, embedding vector(2), second halfvec(3), PRIMARY KEY (a, "b 'b'"));
INSERT INTO "Odd ""one""" VALUES ('it''s \\ x', '2026-01-01 10:00+02', 1, '[1,0]', NULL), ('y', '2026-01-01 10:00+02', 2, '[1,0.1]', NULL);
CREATE TABLE blank (id int PRIMARY KEY, embedding vector);
CREATE VIEW shown AS SELECT * FROM keyless;
CREATE INDEX keyless_embedding ON keyless USING hnsw (embedding vector_l2_ops);`;

describeOnBothTargets('a vector column, and the row that is opened from a search', (withBench) => {
  let session: BrowseSession;
  let choice: TargetChoice;
  let bench: Bench;
  let close: (() => Promise<void>) | undefined;

  before(async () => {
    ({ bench, close } = await openBench(withBench, 'SELECT 1'));
    choice = bench.choice;
    session = new BrowseSession(bench.deps);
    await session.withTarget(choice, signal, (target) => target.query(schema));
  });
  after(async () => {
    await session?.close();
    await close?.();
  });

  const describe = (table: string, column = 'embedding') =>
    vectorColumn({ target: choice, schema: 'public', table, column, signal }, session);
  const search = (table: string, key: readonly string[]): Promise<NeighboursResult> => {
    const wish = { schema: 'public', table, column: 'embedding', k: 5, metric: null, filter: null, effort: null, signal };
    return session.withTarget(choice, signal, (target) => searchNeighbours({ ...wish, query: { kind: 'row', key } }, target, () => 0));
  };
  const opened = async (table: string, key: readonly string[]): Promise<RowsPage> => {
    const filter = rowCondition((await describe(table)).columns, key);
    const subject = { side: 'target', target: choice, schema: 'public', table } as const;
    return rowsPage({ subject, view: { filter, sort: [], columns: null }, offset: 0, limit: 10, signal }, session);
  };

  it('of a table without a key: rows are told by their place', async () => {
    const { dimensions, columns, indexes, firstKey } = await describe('keyless');
    assert.deepEqual([dimensions, columns.map(({ name }) => name), firstKey], [2, ['title'], ['(0,2)']]);
    assert.deepEqual(
      indexes.map(({ name, metric, options }) => [name, metric, options]),
      [['keyless_embedding', 'l2', { m: '16', ef_construction: '64' }]],
    );
    const found = await search('keyless', firstKey!);
    assert.deepEqual(
      found.exact.neighbours.map(({ key }) => key),
      [['(0,3)'], ['(0,4)']],
    );
    const { rows, sql } = await opened('keyless', found.exact.neighbours[1]!.key);
    assert.deepEqual(
      rows.map(([title]) => title),
      [`b's \\ row`],
    );
    assert.match(sql, /ctid = '\(0,4\)'/);
  });

  it('of a partitioned table without a key: a place has two parts', async () => {
    const { firstKey } = await describe('parted');
    assert.equal(firstKey?.length, 2);
    const found = await search('parted', firstKey);
    for (const { key, row } of found.exact.neighbours) {
      const { rows } = await opened('parted', key);
      assert.deepEqual(
        rows.map(([n]) => n),
        [row[0]],
      );
    }
  });

  it('of a table with a key of odd columns and values', async () => {
    const { columns, firstKey } = await describe('Odd "one"');
    assert.deepEqual(firstKey, ['2026-01-01 08:00:00+00', `it's \\ x`]);
    assert.deepEqual(
      columns.map(({ name, key }) => [name, key]),
      [
        [`b 'b'`, 1],
        ['a', 0],
        ['n', null],
      ],
    );
    const { rows } = await opened('Odd "one"', firstKey);
    assert.deepEqual(
      rows.map(([, , n]) => n),
      ['1'],
    );
  });

  it('without rows has no first key', async () => {
    const { dimensions, firstKey, indexes } = await describe('blank');
    assert.deepEqual([dimensions, firstKey, indexes], [0, null, []]);
  });

  it('that is none is told as a search tells it', async () => {
    await assert.rejects(describe('nothing'), { code: 'no-such-target-table' });
    await assert.rejects(describe('shown'), { code: 'no-such-target-table' });
    await assert.rejects(describe('keyless', 'nothing'), { code: 'no-such-target-column' });
    await assert.rejects(describe('keyless', 'title'), { code: 'not-a-vector-column' });
  });
});
