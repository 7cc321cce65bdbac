import assert from 'node:assert/strict';
import type Database from 'better-sqlite3';
import type { PlanInput } from '../../../src/core/plan/plan-schema.ts';
import { measureRecall } from '../../../src/core/vectors/measure-recall.ts';
import { planScans } from '../../../src/core/vectors/plan-scans.ts';
import { searchNeighbours } from '../../../src/core/vectors/search-neighbours.ts';
import { describeCase, type CaseRun, type CaseSetting } from '../../helpers/case-setting.ts';

/** Vectors around a few centres; the same each time. */
function clustered(rows: number, dimensions: number, centresWanted = 8): readonly Float32Array[] {
  let seed = 11;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const centres = Array.from({ length: centresWanted }, () => Float32Array.from({ length: dimensions }, () => random() * 2 - 1));
  return Array.from({ length: rows }, (_, i) =>
    (centres[i % centresWanted] as Float32Array).map((value) => value + (random() - 0.5) * 0.8),
  );
}

function fill(vectors: readonly Float32Array[]): (database: Database.Database) => void {
  return (database) => {
    const insert = database.prepare('INSERT INTO t (embedding) VALUES (?)');
    database.transaction(() => {
      for (const vector of vectors) insert.run(Buffer.from(vector.buffer));
    })();
  };
}

const sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, embedding BLOB)';

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Ids of the nearest rows by comparing with every one in double precision. */
function nearest(vectors: readonly Float32Array[], to: number, k: number): readonly string[] {
  const query = vectors[to] as Float32Array;
  const distance = (v: Float32Array): number => 1 - dot(query, v) / Math.sqrt(dot(query, query) * dot(v, v));
  return vectors
    .map((vector, i) => ({ id: String(i + 1), distance: i === to ? Infinity : distance(vector) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k)
    .map(({ id }) => id);
}

async function definition(run: CaseRun): Promise<string> {
  const [row] = await run.query(`SELECT indexdef FROM pg_indexes WHERE schemaname = '${run.schema}' AND indexname LIKE 't_embedding%'`);
  return String(row?.[0]);
}

/** Searches through the index and compares with brute force. */
async function assertFinds(setting: CaseSetting, run: CaseRun, vectors: readonly Float32Array[], label: string): Promise<void> {
  await run.query(`ANALYZE ${run.name('t')}`);
  const query = { kind: 'row', key: ['17'] } as const;
  const place = { schema: run.schema, table: 't', column: 'embedding', query, k: 10, metric: null, filter: null, effort: null };
  const signal = new AbortController().signal;
  const found = await searchNeighbours({ ...place, oversampling: 12, signal }, setting.at().session, () => 0);
  assert.equal(found.indexed?.index.label, label);
  assert.equal(found.indexed?.candidates, 120);
  const expected = nearest(vectors, 16, 10);
  assert.deepEqual(
    found.exact.neighbours.map(({ key }) => key.join()),
    expected,
  );
  const hits = found.indexed.neighbours.filter(({ key }) => expected.includes(key.join())).length;
  assert.ok(hits >= 9, `${hits} of 10`);
  assert.ok((found.recall ?? 0) >= 0.9);
  // So few rows are read faster without the index: it serves the search when it is asked to.
  await run.attempt(async (session) => {
    await session.query('SET LOCAL enable_seqscan = off');
    const statement = found.sql.slice(found.sql.indexOf('SELECT'));
    const vector = `[${(vectors[16] as Float32Array).join(',')}]`;
    const explained = await session.query(`EXPLAIN (FORMAT JSON) ${statement}`, [vector, '17']);
    assert.deepEqual(planScans(explained.rows[0]?.['QUERY PLAN']).indexes, ['t_embedding_idx']);
  });
}

function indexesOf(plan: PlanInput): NonNullable<PlanInput['tables'][number]['indexes']> {
  return (plan.tables[0] as PlanInput['tables'][number]).indexes ?? [];
}

describeCase('V05', 'vectors that pgvector does not index as they are', (setting) => {
  it('3,072 dimensions are indexed by half precision', () => {
    const vectors = clustered(160, 3_072);
    return setting.migrate({ sql, fill: fill(vectors) }, async (run) => {
      assert.equal(run.column('embedding').type, 'vector(3072)');
      assert.match(await definition(run), /USING hnsw \(\(\(embedding\)::(?:public\.)?halfvec\(3072\)\) (?:public\.)?halfvec_cosine_ops\)/);
      assert.match(run.planned.plan.notes?.join('\n') ?? '', /embedding has 3,072: it gets an HNSW index on "embedding"::halfvec\(3072\)/);
      await assertFinds(setting, run, vectors, 'hnsw half precision');
    });
  });

  it('4,096 dimensions are indexed by their signs and ranked by the vectors', () => {
    const vectors = clustered(160, 4_096);
    return setting.migrate({ sql, fill: fill(vectors) }, async (run) => {
      assert.match(
        await definition(run),
        /USING hnsw \(\(\((?:public\.)?binary_quantize\(embedding\)\)::bit\(4096\)\) (?:public\.)?bit_hamming_ops\)/,
      );
      assert.match(
        run.planned.plan.notes?.join('\n') ?? '',
        /only finds candidates.*leave the index out, and each search reads all 160 rows/s,
      );
      await assertFinds(setting, run, vectors, 'hnsw binary-quantised');
    });
  });

  it('4,096 dimensions are found through the index of their signs, and recall is shown by candidates', () => {
    const vectors = clustered(3_000, 4_096, 60);
    return setting.migrate({ sql, fill: fill(vectors) }, async (run) => {
      await run.query(`ANALYZE ${run.name('t')}`);
      const { signal } = new AbortController();
      const place = { schema: run.schema, table: 't', column: 'embedding', k: 10, metric: null, filter: null, signal };
      const curve = await measureRecall(
        { ...place, rows: 20, seed: 3 },
        setting.at().session,
        () => 0,
        () => undefined,
      );
      assert.deepEqual([curve.setting, curve.metric, curve.sample.rows, curve.sample.of], ['oversampling', 'cosine', 20, 3_000]);
      assert.ok(curve.suggested !== null, JSON.stringify(curve.points));
      const recalls: number[] = [];
      for (const [id = ''] of curve.sample.keys) {
        const query = { kind: 'row', key: [id] } as const;
        const found = await searchNeighbours(
          { ...place, query, effort: null, oversampling: curve.suggested },
          setting.at().session,
          () => 0,
        );
        assert.equal(found.indexed?.used, true, found.warning ?? '');
        assert.equal(found.indexed.index.label, 'hnsw binary-quantised');
        assert.match(found.sql, /binary_quantize/);
        const expected = nearest(vectors, Number(id) - 1, 10);
        assert.deepEqual(
          found.exact.neighbours.map(({ key }) => key.join()),
          expected,
        );
        // Ranked again by the vectors themselves: in the exact order, as far as they were found.
        const kept = found.indexed.neighbours.map(({ key }) => key.join()).filter((one) => expected.includes(one));
        assert.deepEqual(
          kept,
          expected.filter((one) => kept.includes(one)),
        );
        recalls.push(found.recall ?? 0);
      }
      const shown = recalls.reduce((sum, one) => sum + one, 0) / recalls.length;
      assert.ok(shown >= 0.95, String(shown));
      console.log(
        `        recall@10 by candidates for each: ${curve.points.map(({ value, recall }) => `${value}× ${recall.toFixed(3)}`).join(', ')}; suggested ${curve.suggested}×`,
      );
    });
  });

  it('the first elements are indexed where the plan says so', () => {
    const vectors = clustered(160, 2_100);
    const edit = (plan: PlanInput): void => {
      const [index] = indexesOf(plan);
      Object.assign(index ?? {}, { expression: 'subvector(embedding, 1, 1024)::vector(1024)', opclass: 'vector_cosine_ops' });
    };
    return setting.migrate({ sql, fill: fill(vectors), edit }, (run) => assertFinds(setting, run, vectors, 'hnsw first 1024'));
  });

  it('16,001 dimensions are kept as bytes, and the plan says why', async () => {
    const planned = await setting.plan({ sql, fill: fill(clustered(2, 16_001)) });
    assert.equal(planned.plan.tables[0]?.columns?.find(({ to }) => to === 'embedding')?.type, 'bytea');
    assert.match(planned.plan.notes?.join('\n') ?? '', /vector of 16,001 elements and pgvector stores up to 16,000.*real\[\]/);
  });
});

describeCase('V05', 'IVFFlat', (setting) => {
  const ivfflat = (lists: 'auto' | undefined) => (plan: PlanInput) => {
    const [index] = indexesOf(plan);
    Object.assign(index ?? {}, { method: 'ivfflat', with: lists === undefined ? {} : { lists } });
  };

  it('has a list for each thousand rows, and the re-diff knows them', () =>
    setting.migrate({ sql, fill: fill(clustered(3_000, 8)), edit: ivfflat(undefined) }, async (run) => {
      assert.match(await definition(run), /USING ivfflat .* WITH \(lists='?3'?\)/);
      assert.deepEqual(
        run.result.warnings.filter(({ code }) => code.startsWith('index-')),
        [],
      );
    }));

  it('over few rows is told to be built again later', () =>
    setting.migrate({ sql, fill: fill(clustered(20, 8)), edit: ivfflat('auto') }, async (run) => {
      assert.match(await definition(run), /lists='?1'?/);
      assert.match(
        run.result.warnings.find(({ code }) => code === 'index-few-rows')?.message ?? '',
        /over 20 vectors with 1 list.*REINDEX/,
      );
      assert.match(run.reportText, /REINDEX INDEX/);
    }));
});
