import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BrowseSession,
  type MigrationError,
  vectorMap,
  type EngineDeps,
  type EngineEvent,
  type TargetChoice,
} from '../../../src/core/index.ts';
import type { MapWish, VectorMap } from '../../../src/core/model/vector-map.ts';
import { describeOnBothTargets, type Bench } from '../../helpers/engine.ts';
import { openBench } from '../../helpers/open-bench.ts';

const signal = new AbortController().signal;

/** Three groups far apart in 16 dimensions; made by the server from the row's number alone. */
const groups = (table: string, rows: number, more = ''): string => `
CREATE TABLE ${table} (id int PRIMARY KEY, title text, kind text, score float8, embedding vector(16), half halfvec(16)${more});
INSERT INTO ${table} (id, title, kind, score, embedding)
SELECT i, 'row ' || i, (ARRAY['a', 'b', 'c'])[i % 3 + 1], i * 1.5,
  (SELECT array_agg(CASE WHEN d % 3 = i % 3 THEN 10 ELSE 0 END + sin(i * 12.9898 + d * 78.233)) FROM generate_series(1, 16) AS d)::real[]::vector(16)
FROM generate_series(1, ${rows}) AS i;
UPDATE ${table} SET half = embedding::halfvec(16);`;

const schema = `CREATE EXTENSION IF NOT EXISTS vector;
${groups('grouped', 900)}
INSERT INTO grouped (id, title) VALUES (901, 'no vector'), (902, 'none either');
${groups('changed', 60)}
CREATE TABLE mixed (title text, embedding vector);
INSERT INTO mixed VALUES ('a', '[1,0]'), ('b', '[0,1]'), ('c', '[1,1]'), ('d', '[1,2,3]'), ('e', NULL);
CREATE TABLE signs (id int PRIMARY KEY, embedding bit(8));
CREATE TABLE blank (id int PRIMARY KEY, embedding vector(3));
CREATE TABLE one (id int PRIMARY KEY, embedding vector(3));
INSERT INTO one VALUES (1, '[1,2,3]');
CREATE TABLE many (id int PRIMARY KEY, embedding vector(64));
INSERT INTO many SELECT i, (SELECT array_agg(sin(i * 12.9898 + d * 78.233 + i * d)) FROM generate_series(1, 64) AS d)::real[]::vector(64)
FROM generate_series(1, 3000) AS i;`;

describeOnBothTargets('a vector map', (withBench) => {
  let session: BrowseSession;
  let choice: TargetChoice;
  let bench: Bench;
  let close: (() => Promise<void>) | undefined;
  const threads = new Set<object>();
  /** Messages of all threads. */
  let heard = 0;

  before(async () => {
    ({ bench, close } = await openBench(withBench, 'SELECT 1'));
    choice = bench.choice;
    session = new BrowseSession(watched(bench.deps));
    await query(schema);
  });
  after(async () => {
    await session?.close();
    await close?.();
  });

  /** Knows the threads that have not ended. */
  function watched(deps: EngineDeps): EngineDeps {
    return {
      ...deps,
      startWorker: () => {
        const handle = deps.startWorker();
        threads.add(handle);
        handle.onMessage(() => heard++);
        handle.onExit(() => threads.delete(handle));
        return handle;
      },
    };
  }
  const query = (sql: string) => session.withTarget(choice, signal, (target) => target.query(sql));
  const draw = (
    table: string,
    wish: Partial<MapWish> = {},
    more: { readonly column?: string; readonly signal?: AbortSignal } = {},
  ): Promise<VectorMap> =>
    vectorMap(
      {
        target: choice,
        schema: 'public',
        table,
        column: 'embedding',
        request: 'r',
        projection: 'pca',
        sample: 1_000,
        seed: 7,
        colour: null,
        signal,
        ...wish,
        ...more,
      },
      session,
    );
  const ids = ({ keys }: VectorMap): string => keys.map(([id]) => id).join();

  it('is drawn by PCA: every vector once, groups apart, rows without a vector counted', async () => {
    const map = await draw('grouped', { colour: 'kind' });
    assert.deepEqual([map.rows, map.drawable, map.leftOut], [902, 900, { withoutVector: 2, otherDimensions: 0, notFinite: 0 }]);
    assert.deepEqual([map.dimensions, map.metric, map.label, map.limit, map.cached], [16, 'cosine', 'title', 100_000, false]);
    assert.deepEqual(
      map.keys.map(([id]) => Number(id)).sort((a, b) => a - b),
      Array.from({ length: 900 }, (_, i) => i + 1),
    );
    map.keys.forEach(([id], point) => assert.equal(map.labels[point], `row ${id}`));
    assert.deepEqual(
      map.categories.map(({ kind, text, points }) => [kind, text, points]),
      ['a', 'b', 'c'].map((text) => ['value', text, 300]),
    );
    map.keys.forEach(([id], point) => assert.equal(map.categories[map.codes[point]!]?.text, 'abc'[Number(id) % 3]));
    assert.ok(map.variance![0] + map.variance![1] > 0.9, String(map.variance));
    assertApart(map);
  });

  it('takes the same sample for the same seed and a part of it for fewer rows', async () => {
    const [one, again, fewer, other] = [
      await draw('grouped', { sample: 100 }),
      await draw('grouped', { sample: 100 }),
      await draw('grouped', { sample: 40 }),
      await draw('grouped', { sample: 100, seed: 8 }),
    ];
    assert.equal(one.keys.length, 100);
    assert.equal(ids(again), ids(one));
    assert.deepEqual(again.positions, one.positions);
    assert.equal(
      ids(fewer),
      one.keys
        .slice(0, 40)
        .map(([id]) => id)
        .join(),
    );
    assert.notEqual(ids(other), ids(one));
  });

  it('colours by ranges of a number, and by none', async () => {
    const { categories, codes, keys } = await draw('grouped', { colour: 'score' });
    assert.equal(categories.length, 6);
    assert.deepEqual(
      categories.map(({ points }) => points),
      [150, 150, 150, 150, 150, 150],
    );
    assert.equal(categories[0]?.text, '1.5 to 225');
    keys.forEach(([id], point) => assert.equal(codes[point], Math.floor((Number(id) - 1) / 150)));
    assert.deepEqual((await draw('grouped')).categories, [{ kind: 'all', text: '', points: 900 }]);
  });

  it('reads halfvec, and the commonest number of dimensions where each row has its own', async () => {
    assertApart(await draw('grouped', { colour: 'kind' }, { column: 'half' }));
    const mixed = await draw('mixed');
    assert.deepEqual([mixed.dimensions, mixed.keys.length, mixed.leftOut], [2, 3, { withoutVector: 1, otherDimensions: 1, notFinite: 0 }]);
  });

  it('says why it draws nothing: bits, a view or column that is not there, an empty table, one row', async () => {
    await assert.rejects(draw('signs'), (error: MigrationError) => error.code === 'not-a-vector-column' && /bit\(8\)/.test(error.message));
    await assert.rejects(draw('nowhere'), { code: 'no-such-target-table' });
    await assert.rejects(draw('grouped', { colour: 'nothing' }), { code: 'no-such-target-column' });
    const blank = await draw('blank');
    assert.deepEqual([blank.keys, blank.rows, blank.positions.length], [[], 0, 0]);
    assert.deepEqual([...(await draw('one')).positions], [0, 0]);
    await assert.rejects(
      draw('one', { projection: 'umap' }),
      (error: MigrationError) => error.code === 'bad-usage' && /at least 5/.test(error.message),
    );
  });

  it('by UMAP: groups apart, progress told, found again only for exactly the same rows and seed', async () => {
    const before = bench.events.length;
    const first = await draw('changed', { projection: 'umap', colour: 'kind' });
    assert.deepEqual([first.cached, first.variance, first.keys.length], [false, null, 60]);
    assertApart(first);
    const stages = bench.events.slice(before).flatMap((event: EngineEvent) => (event.type === 'map' ? [event.stage] : []));
    assert.ok(stages.includes('neighbours') && stages.includes('layout'), stages.join());
    const again = await draw('changed', { projection: 'umap', colour: null });
    assert.equal(again.cached, true);
    assert.deepEqual(again.positions, first.positions);
    assert.equal((await draw('changed', { projection: 'umap', seed: 8 })).cached, false);
    await query(`UPDATE changed SET title = 'renamed' WHERE id = 5`);
    const renamed = await draw('changed', { projection: 'umap' });
    assert.deepEqual([renamed.cached, renamed.labels[renamed.keys.findIndex(([id]) => id === '5')]], [true, 'renamed']);
    await query(
      `UPDATE changed SET embedding = embedding * (SELECT array_agg(2) FROM generate_series(1, 16))::real[]::vector WHERE id = 5`,
    );
    assert.equal((await draw('changed', { projection: 'umap' })).cached, false, 'a vector changed');
    await query('DELETE FROM changed WHERE id = 6');
    assert.equal((await draw('changed', { projection: 'umap' })).cached, false, 'a row went');
  });

  it('by UMAP stops within a second in every stage, and nothing goes on', async () => {
    for (const stage of ['neighbours', 'layout'] as const) {
      const controller = new AbortController();
      bench.watch((event) => {
        if (event.type === 'map' && event.stage === stage) setImmediate(() => controller.abort());
      });
      await assert.rejects(
        draw('many', { projection: 'umap', sample: 3_000, seed: stage === 'layout' ? 1 : 2 }, { signal: controller.signal }),
        { code: 'cancelled' },
      );
      bench.watch(() => undefined);
      const told = bench.events.length;
      // A thread that goes on tells each epoch; it has a second to stop.
      await sleep(1_000);
      const stopped = heard;
      await sleep(500);
      assert.deepEqual([bench.events.length, heard], [told, stopped], `${stage}: something goes on`);
    }
    // The thread that was inside of the neighbours' search has ended; one that heard the abort is free for the next task.
    assert.ok(threads.size <= 1, `${threads.size} threads`);
    assert.equal((await draw('one')).keys.length, 1);
  });
});

/** Each point is nearer to the middle of its own group than to that of any other. */
function assertApart({ positions, codes, categories }: VectorMap): void {
  const middles = categories.map((_, code) => {
    const own = [...codes].flatMap((other, point) => (other === code ? [point] : []));
    return [0, 1].map((axis) => own.reduce((sum, point) => sum + positions[point * 2 + axis]!, 0) / own.length);
  });
  codes.forEach((code, point) => {
    const distances = middles.map(([x = 0, y = 0]) => Math.hypot(positions[point * 2]! - x, positions[point * 2 + 1]! - y));
    assert.equal(distances.indexOf(Math.min(...distances)), code, `point ${point}`);
  });
}
