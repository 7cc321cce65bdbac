import assert from 'node:assert/strict';
import type { CompiledPlan } from '../../../../../src/core/plan/compiled-plan.ts';
import { checkVector, checkVersion } from '../../../../../src/core/run/preflight/check-server.ts';
import { checkDisk } from '../../../../../src/core/run/preflight/estimate-disk.ts';
import type { TargetCapabilities } from '../../../../../src/core/target/target.ts';

const capabilities: TargetCapabilities = {
  serverVersion: 150_018,
  vectorVersion: '0.8.0',
  vectorInstalled: false,
  vectorSchema: null,
  maxIndexDimensions: 2_000,
  parallelConnections: 4,
  sessions: true,
  canCreateSchema: true,
};
const plan = (needsVector: boolean, sql = 'ANALYZE'): CompiledPlan => ({
  preData: [],
  tables: [],
  postData: [{ section: 'post-data', sql, object: null, table: null, hazards: [] }],
  needsVector,
  parents: [],
  leftOut: [],
  targetOnly: [],
  columnTypes: new Map(),
});
const hnsw = 'CREATE INDEX "i" ON "public"."t" USING "hnsw" ("e")';
const halfvec = 'CREATE INDEX "i" ON "public"."t" USING hnsw (("e"::halfvec(3000)) "public"."halfvec_cosine_ops")';
const signs = 'CREATE INDEX "i" ON "public"."t" USING hnsw ((binary_quantize("e")::bit(5000)) "public"."bit_hamming_ops")';
const part = 'CREATE INDEX "i" ON "public"."t" USING ivfflat ((subvector("e", 1, 5)::vector(5)) "public"."vector_l2_ops")';

describe('versions of a server', () => {
  const servers: readonly (readonly [version: number, message: RegExp | null])[] = [
    [180_000, null],
    [130_000, null],
    [120_022, /here runs PostgreSQL 12; Sluice needs 13/],
    [90_624, /PostgreSQL 9\.6;/],
  ];
  for (const [serverVersion, message] of servers) {
    it(String(serverVersion), () => {
      const [found] = checkVersion({ ...capabilities, serverVersion }, 'here');
      if (message === null) assert.equal(found, undefined);
      else assert.match(found?.error.message ?? '', message);
    });
  }

  const vectors: readonly (readonly [what: string, version: string | null, plan: CompiledPlan, code: string | undefined])[] = [
    ['no vectors and no pgvector', null, plan(false), undefined],
    ['vectors and no pgvector', null, plan(true), 'vector-missing'],
    ['HNSW and pgvector 0.4', '0.4.4', plan(true, hnsw), 'vector-too-old'],
    ['vectors without an index and pgvector 0.4', '0.4.4', plan(true), undefined],
    ['HNSW and pgvector 0.5', '0.5.0', plan(true, hnsw), undefined],
    ['half precision and pgvector 0.6', '0.6.2', plan(true, halfvec), 'vector-too-old'],
    ['half precision and pgvector 0.7', '0.7.0', plan(true, halfvec), undefined],
    ['signs and pgvector 0.6', '0.6.2', plan(true, signs), 'vector-too-old'],
    ['a part with IVFFlat and pgvector 0.6', '0.6.2', plan(true, part), 'vector-too-old'],
    ['L1 and pgvector 0.6', '0.6.2', plan(true, hnsw.replace('"e"', '"e" vector_l1_ops')), 'vector-too-old'],
    ['HNSW and pgvector 1.0', '1.0.0', plan(true, hnsw), undefined],
  ];
  for (const [what, vectorVersion, compiled, code] of vectors)
    it(what, () => assert.equal(checkVector({ ...capabilities, vectorVersion }, 'here', compiled)[0]?.error.code, code));
});

describe('free space', () => {
  const cases: readonly (readonly [free: number | null, expected: string | undefined])[] = [
    [null, undefined],
    [100, undefined],
    [99, 'warning'],
    [25, 'warning'],
    [24, 'error'],
  ];
  for (const [free, expected] of cases) {
    it(`${String(free)} of 100`, () =>
      assert.equal(checkDisk([{ what: 'target', path: '/data', needed: 100, free }])[0]?.severity, expected));
  }

  it('private copies that are there already need no more', () => {
    assert.deepEqual(checkDisk([{ what: 'private copies', path: '/tmp', needed: 100, free: 0 }]), []);
  });
});
