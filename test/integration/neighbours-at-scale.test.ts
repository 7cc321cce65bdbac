import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { askSource, MigrationError, sampleRecall } from '../../src/core/index.ts';
import type { NeighboursResult } from '../../src/core/model/neighbours.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import { searchNeighbours } from '../../src/core/vectors/search-neighbours.ts';
import { postgresTarget } from '../helpers/cli-target.ts';
import { storePlan, withBenchOf } from '../helpers/engine.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';

const dimensions = 384;
const rows = 50_000;
const probes = 50;
const k = 10;

const plan: PlanInput = storePlan([
  {
    source: 'main',
    from: 'item',
    to: 'item',
    columns: [
      { from: 'id', to: 'id', type: 'bigint', nullable: false },
      { from: 'embedding', to: 'embedding', type: `vector(${dimensions})`, convert: 'float32-blob' },
    ],
    primaryKey: ['id'],
    indexes: [{ columns: ['embedding'], method: 'hnsw', opclass: 'vector_cosine_ops', with: { m: 16, ef_construction: 64 } }],
  },
]);

/** Vectors around centres, a sixth of them with noise that blurs the centres; the same each time. */
function* clustered(count: number): Generator<Float32Array> {
  let seed = 20_261_130;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const centres = Array.from({ length: Math.ceil(count / 100) }, () => Float32Array.from({ length: dimensions }, () => random() * 2 - 1));
  for (let i = 0; i < count; i++) {
    const centre = centres[Math.floor(random() * centres.length)]!;
    const noise = i % 6 === 0 ? 2 : 0.8;
    yield centre.map((value) => value + (random() - 0.5) * noise);
  }
}

describe(`V10 k=${k} neighbours for ${probes} probes on ${rows.toLocaleString('en-US')} × ${dimensions}`, function () {
  this.timeout(600_000);
  let cluster: Cluster;
  before(async function () {
    cluster = await requirePostgres(this);
  });

  it('exact target list = source list (ties allowed); index recall@10 reported', async () => {
    await withBenchOf(
      () => postgresTarget(cluster),
      'CREATE TABLE item (id INTEGER PRIMARY KEY, embedding BLOB)',
      async (bench) => {
        fill(bench.store);
        const result = await bench.run(plan);
        assert.equal(result.verification.status, 'match');
        const { choice, deps } = bench;
        assert.ok(choice.kind === 'postgres');
        const target = await openPostgresTarget(choice.connection, 'sluice test');
        try {
          await target.query('ANALYZE item');
          const place = { schema: 'public', table: 'item', column: 'embedding', k, metric: null, filter: null };
          const { signal } = new AbortController();
          const curve = await sampleRecall({ ...place, target: choice, rows: probes, seed: 1, signal }, deps);
          report(curve);
          assert.equal(curve.sample.rows, probes);
          assert.ok(curve.suggested !== null, curve.warning ?? '');

          // The same rows, compared past Sluice: with an index that is built anew each time, others would sometimes find less than these.
          const keys = curve.sample.keys.map(([id]) => Number(id));
          const near = nearestInStore(bench.store, keys);
          const recalls: number[] = [];
          for (const id of keys) {
            const query = { kind: 'row', key: [String(id)] } as const;
            const found = await searchNeighbours({ ...place, query, effort: curve.suggested, signal }, target, deps.clock.elapsed);
            assertSameList(
              found.exact.neighbours.map((row) => Number(row.key[0])),
              near.get(id)!,
            );
            assert.equal(found.indexed?.used, true, found.warning ?? '');
            recalls.push(recallOf(found.indexed, near.get(id)!));
          }
          const recall = recalls.reduce((sum, one) => sum + one, 0) / probes;
          console.log(`      suggested: ${curve.suggested}, with recall ${recall.toFixed(3)} against the source`);
          assert.ok(recall >= 0.95, String(recall));
          assert.ok(Math.abs(recall - curve.points.find(({ value }) => value === curve.suggested)!.recall) < 1e-9);

          // The same by the engine itself, through the plan.
          const path = join(bench.folder, 'store.sluice.json');
          const text = JSON.stringify(plan);
          writeFileSync(path, text);
          const asked = { ...place, query: { kind: 'row', key: [String(keys[7])] } as const, effort: null, signal };
          const agreement = await askSource({ ...asked, target: choice, input: { kind: 'plan', path, text } }, deps);
          assert.deepEqual([agreement.agrees, agreement.sameOrder, agreement.places, agreement.query], [true, k, k, 'same']);
          assert.deepEqual([agreement.rows, agreement.rejected, agreement.differences], [rows - 1, 0, []]);
          console.log(`      the source, ${rows.toLocaleString('en-US')} rows, was asked in ${agreement.seconds.toFixed(1)} s`);

          // Both are left in the middle.
          const cancelled = async (work: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
            const stop = new AbortController();
            bench.watch((event) => event.type === 'progress' && event.phase === 'search' && event.rows > 0 && stop.abort());
            await assert.rejects(work(stop.signal), (error) => error instanceof MigrationError && error.code === 'cancelled');
          };
          await cancelled((stop) => askSource({ ...asked, signal: stop, target: choice, input: { kind: 'plan', path, text } }, deps));
          await cancelled((stop) => sampleRecall({ ...place, target: choice, rows: probes, seed: 1, signal: stop }, deps));
        } finally {
          await target.close();
        }
      },
    );
  });
});

function fill(store: string): void {
  const database = new Database(store);
  const insert = database.prepare('INSERT INTO item VALUES (?, ?)');
  database.transaction(() => {
    let id = 0;
    for (const vector of clustered(rows)) insert.run(++id, Buffer.from(vector.buffer));
  })();
  database.close();
}

interface Near {
  readonly id: number;
  readonly distance: number;
}

/** Nearest first, one more than k so that a tie at the end is seen: read past Sluice, compared in double precision. */
function nearestInStore(store: string, keys: readonly number[]): ReadonlyMap<number, readonly Near[]> {
  const database = new Database(store, { readonly: true });
  const vectorOf = (bytes: Buffer): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);
  const read = database.prepare('SELECT id, embedding FROM item');
  const wanted = keys.map((id) => ({
    id,
    vector: vectorOf(database.prepare('SELECT embedding FROM item WHERE id = ?').pluck().get(id) as Buffer),
    near: [] as Near[],
  }));
  for (const { id, embedding } of read.iterate() as Iterable<{ id: number; embedding: Buffer }>) {
    const vector = vectorOf(embedding);
    const own = Math.sqrt(dot(vector, vector));
    for (const probe of wanted) {
      if (probe.id === id) continue;
      const distance = 1 - dot(probe.vector, vector) / (own * Math.sqrt(dot(probe.vector, probe.vector)));
      if (probe.near.length > k && distance >= probe.near.at(-1)!.distance) continue;
      const at = probe.near.findIndex((row) => row.distance > distance);
      probe.near.splice(at < 0 ? probe.near.length : at, 0, { id, distance });
      probe.near.length = Math.min(probe.near.length, k + 1);
    }
  }
  database.close();
  return new Map(wanted.map(({ id, near }) => [id, near]));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** What single precision cannot tell apart may stand either way round. */
const tie = 2e-6;

function assertSameList(found: readonly number[], near: readonly Near[]): void {
  assert.equal(found.length, k);
  found.forEach((id, i) => {
    const distance = near.find((row) => row.id === id)?.distance;
    assert.ok(distance !== undefined, `${id} is none of the nearest in the source`);
    assert.ok(Math.abs(distance - near[i]!.distance) <= tie, `${id} at place ${i + 1}: ${distance} instead of ${near[i]!.distance}`);
  });
}

/** Share of the nearest in the source that the index found; what is as near as the last counts. */
function recallOf(indexed: NeighboursResult['indexed'], near: readonly Near[]): number {
  const last = near[k - 1]!.distance;
  const found = (indexed?.neighbours ?? []).filter(({ key }) =>
    near.some(({ id, distance }) => id === Number(key[0]) && distance <= last + tie),
  );
  return Math.min(1, found.length / k);
}

function report(curve: Awaited<ReturnType<typeof sampleRecall>>): void {
  console.log(`      exact ${(curve.exactSeconds * 1000).toFixed(1)} ms; ${curve.setting}: recall@${curve.k}, ms`);
  for (const { value, recall, seconds, used } of curve.points)
    console.log(`      ${value}: ${recall.toFixed(3)}, ${(seconds * 1000).toFixed(1)}${used === 0 ? ', index not used' : ''}`);
}
