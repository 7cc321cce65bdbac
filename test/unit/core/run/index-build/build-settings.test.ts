import assert from 'node:assert/strict';
import type { VectorIndexBuild } from '../../../../../src/core/model/statement.ts';
import { chooseBuildSettings, type ServerResources } from '../../../../../src/core/run/index-build/build-settings.ts';
import { ivfflatBuildBytes, recommendedLists, sizeLists } from '../../../../../src/core/mapping/ivfflat-lists.ts';

const megabyte = 2 ** 20;
const untouched: ServerResources = {
  maintenanceMemory: 64 * megabyte,
  sharedBuffers: 128 * megabyte,
  cacheSize: null,
  maintenanceWorkers: 2,
  mostWorkers: 8,
};
const hnsw: VectorIndexBuild = { method: 'hnsw', countSql: '', valueBytes: 6_152, graphBytes: 10_000, lists: null, sql: ['', ''] };

describe('chooseBuildSettings', () => {
  const megabytes = (resources: Partial<ServerResources>, rows: number | null): number => {
    const build = rows === null ? null : { index: hnsw, rows, lists: null };
    return Math.round(chooseBuildSettings({ ...untouched, ...resources }, build, 4).maintenanceMemory / megabyte);
  };
  const cases: readonly (readonly [what: string, found: () => number, expected: number])[] = [
    ['what the rows need', () => megabytes({}, 10_000), 121],
    ["never less than the administrator's", () => megabytes({}, 10), 64],
    ['512 MB where nothing is known', () => megabytes({}, 1_000_000), 512],
    ['raised shared buffers are a quarter', () => megabytes({ sharedBuffers: 4096 * megabyte }, 1_000_000), 4096],
    ['a cache size that was set is three quarters', () => megabytes({ cacheSize: 3072 * megabyte }, 1_000_000), 1024],
    ['more, where the role is given more', () => megabytes({ maintenanceMemory: 2048 * megabyte }, 1_000_000), 2048],
    ['other indexes as before', () => megabytes({}, null), 512],
  ];
  for (const [what, found, expected] of cases) it(what, () => assert.equal(found(), expected));

  it('workers as many as load, within limits, and none where somebody wants none', () => {
    const workers = (resources: Partial<ServerResources>, jobs: number): number =>
      chooseBuildSettings({ ...untouched, ...resources }, { index: hnsw, rows: 1, lists: null }, jobs).maintenanceWorkers;
    assert.deepEqual([workers({}, 1), workers({}, 6), workers({}, 64), workers({ maintenanceWorkers: 0 }, 6)], [2, 6, 8, 0]);
  });
});

describe('lists of IVFFlat', () => {
  it('follow the rows as the README of pgvector says', () => {
    assert.deepEqual([0, 1, 900, 1_500, 1_000_000, 4_000_000, 1e12].map(recommendedLists), [1, 1, 1, 2, 1_000, 2_000, 32_768]);
  });

  it('are fewer where k-means would not fit', () => {
    const most = 512 * megabyte;
    const lists = sizeLists(4_000_000, 6_152, most);
    assert.ok(lists < 2_000 && lists > 100, String(lists));
    assert.ok(ivfflatBuildBytes(lists, 6_152) <= most);
  });
});
