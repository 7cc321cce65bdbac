import assert from 'node:assert/strict';
import { describeAdvice } from '../../../../src/core/mapping/advice-words.ts';
import { adviseIndex } from '../../../../src/core/mapping/advise-index.ts';
import { estimateIndex } from '../../../../src/core/mapping/estimate-index.ts';
import type { VectorIndexFacts } from '../../../../src/core/model/index-advice.ts';

const gigabyte = 2 ** 30;
const facts: VectorIndexFacts = {
  column: 'embedding',
  type: 'vector',
  dimensions: 384,
  vectors: 200_000,
  norms: { zero: 0, unit: 0 },
  duplicates: 0,
  metric: null,
  server: { buildMemory: 4 * gigabyte, pgvector: '0.8.0' },
};

type Row = readonly [
  name: string,
  facts: Partial<VectorIndexFacts>,
  method: string,
  on: string | null,
  opclass: string | null,
  said: RegExp,
];

/** https://github.com/pgvector/pgvector#indexing */
const rows: readonly Row[] = [
  [
    'many rows',
    {},
    'hnsw',
    '"embedding"',
    'vector_cosine_ops',
    /^HNSW finds most neighbours.*Instead none: no index: a search reads all 200,000 vectors.*Instead IVFFlat/,
  ],
  [
    'few rows',
    { vectors: 900 },
    'none',
    '"embedding"',
    'vector_cosine_ops',
    /^No index is needed yet: a search that reads all 900 vectors takes about 8 ms and misses nothing/,
  ],
  [
    'V09 norm 1 everywhere',
    { norms: { zero: 0, unit: 200_000 } },
    'hnsw',
    '"embedding"',
    'vector_ip_ops',
    /All 200,000 vectors are of norm 1.*cheaper: search with <#>/,
  ],
  [
    'V09 norm 1 nearly everywhere',
    { norms: { zero: 0, unit: 199_999 } },
    'hnsw',
    '"embedding"',
    'vector_cosine_ops',
    /norms are not all 1: search with <=>/,
  ],
  ['norms that nobody looked at', { norms: null }, 'hnsw', '"embedding"', 'vector_cosine_ops', /search with <=>/],
  [
    'cosine that is wanted',
    { metric: 'cosine', norms: { zero: 0, unit: 200_000 } },
    'hnsw',
    '"embedding"',
    'vector_cosine_ops',
    /as is wanted.*the inner product \(<#>\) would order them alike and is cheaper/,
  ],
  ['an inner product of vectors of other norms', { metric: 'ip' }, 'hnsw', '"embedding"', 'vector_ip_ops', /longer ones come first/],
  [
    'the distance of the store',
    { metric: 'l2' },
    'hnsw',
    '"embedding"',
    'vector_l2_ops',
    /Euclidean distance, as is wanted: search with <->/,
  ],
  [
    'V06 zero vectors',
    { norms: { zero: 12, unit: 0 } },
    'hnsw',
    '"embedding"',
    'vector_cosine_ops',
    /12 of 200,000 vectors are zero and will not be indexed/,
  ],
  ['equal vectors', { duplicates: 90_000 }, 'hnsw', '"embedding"', 'vector_cosine_ops', /90,000 rows share their vector.*hnsw\.ef_search/],
  [
    'V05 3,072 dimensions',
    { dimensions: 3_072 },
    'hnsw',
    '"embedding"::halfvec(3072)',
    'halfvec_cosine_ops',
    /up to 2,000 dimensions, and embedding has 3,072: an index on the column itself is refused; its half precision is indexed/,
  ],
  [
    'V05 4,096 dimensions',
    { dimensions: 4_096 },
    'hnsw',
    'binary_quantize("embedding")::bit(4096)',
    'bit_hamming_ops',
    /up to 2,000 and halfvec up to 4,000 dimensions, and embedding has 4,096: an index on the column itself is refused; the signs of its elements are indexed \(binary quantisation\).*ranked by the vectors themselves/,
  ],
  ['halfvec', { type: 'halfvec', dimensions: 3_000 }, 'hnsw', '"embedding"', 'halfvec_cosine_ops', /HNSW/],
  ['bit', { type: 'bit', dimensions: 1_024, vectors: 5_000_000 }, 'hnsw', '"embedding"', 'bit_hamming_ops', /Hamming/],
  ['bits of more dimensions than any index takes', { type: 'bit', dimensions: 70_000 }, 'none', null, null, /bit reaches 64,000/],
  [
    'an old pgvector',
    { server: { buildMemory: gigabyte, pgvector: '0.4.4' } },
    'none',
    null,
    null,
    /pgvector 0\.4\.4 has no such index; 0\.5\.0 has/,
  ],
  [
    'V08 signs with pgvector 0.6',
    { dimensions: 4_096, server: { buildMemory: gigabyte, pgvector: '0.6.2' } },
    'none',
    null,
    null,
    /0\.7\.0 has/,
  ],
  [
    'a graph beyond the memory of a build',
    { vectors: 400_000, server: { buildMemory: gigabyte / 4, pgvector: '0.8.0' } },
    'hnsw',
    '"embedding"',
    'vector_cosine_ops',
    /a build gets 256 MB on this server.*maintenance_work_mem gives more/,
  ],
  [
    'a graph that neither memory nor time allow',
    { vectors: 50_000_000, server: { buildMemory: gigabyte, pgvector: '0.8.0' } },
    'ivfflat',
    '"embedding"',
    'vector_cosine_ops',
    /^IVFFlat, since HNSW would want about .* MB of memory.*a build gets 1,024 MB/,
  ],
  [
    'the same for a distance that IVFFlat does not know',
    { metric: 'l1', vectors: 50_000_000, server: { buildMemory: gigabyte, pgvector: '0.8.0' } },
    'hnsw',
    '"embedding"',
    'vector_l1_ops',
    /takes longer than estimated/,
  ],
  ['no vector yet', { vectors: 0, norms: { zero: 0, unit: 0 } }, 'none', '"embedding"', 'vector_cosine_ops', /No index is needed yet/],
];

describe('mapping/advise-index', () => {
  for (const [name, change, method, on, opclass, said] of rows) {
    it(name, () => {
      const advice = adviseIndex({ ...facts, ...change });
      assert.deepEqual([advice.method, advice.index?.on ?? null, advice.index?.opclass ?? null], [method, on, opclass]);
      assert.match(describeAdvice(advice), said);
    });
  }

  it('IVFFlat gets its lists from the rows', () => {
    const { index } = adviseIndex({ ...facts, vectors: 50_000_000, server: { buildMemory: gigabyte, pgvector: '0.8.0' } });
    assert.deepEqual(index?.with, { lists: 7071 });
  });

  it('sizes are those that pgvector wrote: 20,000 vectors of 384 dimensions, and 10,000 of 1,536', () => {
    const hnsw = { method: 'hnsw', form: 'column', with: { m: 16, ef_construction: 64 } } as const;
    const within = (estimated: number, measured: number): void =>
      assert.ok(Math.abs(estimated / measured - 1) < 0.05, `${estimated}, measured ${measured}`);
    within(estimateIndex({ type: 'vector', dimensions: 384 }, hnsw, 20_000).indexBytes, 40_968_192);
    within(estimateIndex({ type: 'vector', dimensions: 1_536 }, hnsw, 10_000).indexBytes, 81_928_192);
    within(
      estimateIndex({ type: 'vector', dimensions: 384 }, { method: 'ivfflat', form: 'column', with: { lists: 20 } }, 20_000).indexBytes,
      32_874_496,
    );
  });

  it('times span what was measured on a quiet and on a busy machine', () => {
    const hnsw = { method: 'hnsw', form: 'column', with: { m: 16, ef_construction: 64 } } as const;
    for (const [dimensions, vectors, measured] of [
      [384, 20_000, 11.8],
      [768, 20_000, 14.7],
      [1_536, 10_000, 8.2],
      [1_536, 10_000, 95.7],
    ] as const) {
      const { least, most } = estimateIndex({ type: 'vector', dimensions }, hnsw, vectors).buildSeconds;
      assert.ok(least <= measured * 1.05 && most >= measured * 0.95, `${least} to ${most}, measured ${measured}`);
    }
  });
});
