import assert from 'node:assert/strict';
import { MigrationError } from '../../../src/core/index.ts';
import { loadRange, type LoadRequest, type RejectPolicy } from '../../../src/core/load/load-range.ts';
import { compilePlan } from '../../../src/core/plan/compile-plan.ts';
import type { CompiledTable } from '../../../src/core/plan/compiled-plan.ts';
import { planSchema } from '../../../src/core/plan/plan-schema.ts';
import { loadedSums } from '../../../src/core/run/loaded-sums.ts';
import { insertRanges, readCheckpoints, type Checkpoint } from '../../../src/core/state/checkpoint-store.ts';
import { readRejects } from '../../../src/core/state/reject-store.ts';
import { insertRun, insertRunTable } from '../../../src/core/state/run-store.ts';
import { ensureStateSchema } from '../../../src/core/state/state-schema.ts';
import { parsePostgresUrl } from '../../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../../src/core/target/postgres/open-postgres-target.ts';
import type { Target } from '../../../src/core/target/target.ts';
import { BucketSums } from '../../../src/core/tuple/bucket-sums.ts';
import { sumSourceTogether } from '../../../src/core/verify/sum-source-range.ts';
import { sumTargetTable } from '../../../src/core/verify/sum-target-table.ts';
import { startCutProxy } from '../../helpers/cut-proxy.ts';
import { documentStore, type TestDocument } from '../../helpers/document-store.ts';
import { requirePostgres } from '../../helpers/postgres.ts';
import { describeOnTargets } from '../../helpers/target-harness.ts';

const quarantine: RejectPolicy = { onReject: 'quarantine', redactValues: false, maxRejects: null };
const stop: RejectPolicy = { ...quarantine, onReject: 'stop' };
const never = new AbortController().signal;

/** Document i has i % 4 messages; about `size` characters in each. */
function talks(count: number, size = 20): TestDocument[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    count: id % 4,
    messages: Array.from({ length: id % 4 }, (_unused, n) => ({ text: `${id}.${n} ${'x'.repeat(size)}` })),
  }));
}

/** About 13 MB as PostgreSQL gets it: four chunks. */
const manyTalks = (): TestDocument[] => talks(2_000, 4_300);

let runs = 0;

/** A run in a schema of its own, begun and not loaded. */
class GroupRun {
  readonly schema = `g${++runs}`;
  readonly runId = `r-${String(runs).padStart(12, '0')}`;
  readonly tables: readonly CompiledTable[];
  readonly documents: readonly TestDocument[];
  readonly read: number[] = [];

  private readonly target: Target;

  private constructor(target: Target, documents: readonly TestDocument[], tables: readonly CompiledTable[]) {
    this.target = target;
    this.documents = documents;
    this.tables = tables;
  }

  static async begin(target: Target, documents: readonly TestDocument[]): Promise<GroupRun> {
    const plan = planSchema.parse({
      version: 1,
      name: 'talks',
      sources: { tree: { kind: 'json', path: 'd' } },
      target: { profile: 'embedded', schema: `g${runs + 1}` },
      tables: [
        {
          source: 'tree',
          from: { files: 'd/*.json', path: '$' },
          to: 'talk',
          columns: [
            { from: '/id', to: 'id', type: 'integer', nullable: false },
            { from: '/count', to: 'count', type: 'integer' },
          ],
          primaryKey: ['id'],
        },
        {
          source: 'tree',
          from: { files: 'd/*.json', path: '$.messages', as: 'child', parent: 'talk', ordinal: 'position' },
          to: 'message',
          columns: [
            { from: { parent: '/id' }, to: 'talk_id', type: 'integer', nullable: false },
            { to: 'position', type: 'integer', nullable: false },
            { from: '/text', to: 'text', type: 'text', nullable: false },
          ],
          primaryKey: ['talk_id', 'position'],
          checks: ["text NOT LIKE 'bad%'"],
        },
      ],
    });
    const { preData, tables } = compilePlan(plan);
    const run = new GroupRun(target, documents, tables);
    for (const { sql } of preData) await target.query(sql);
    await target.transaction(async (session) => {
      await ensureStateSchema(session);
      await insertRun(session, {
        ...{ runId: run.runId, epoch: 1, planName: 'talks', planHash: 'h', planText: '{}', overrides: {}, sources: {} },
        ...{ status: 'running', phase: 'data', engineVersion: '0', createdSchema: true, startedAtMs: 0 },
      });
      for (const [ordinal, table] of tables.entries()) {
        await insertRunTable(session, run.runId, ordinal, table);
        await insertRanges(session, { runId: run.runId, epoch: 1 }, table.label, [{}]);
      }
    });
    return run;
  }

  /** Loads what is left, as the checkpoints tell it. */
  async load(policy: RejectPolicy, more: Partial<LoadRequest> = {}): Promise<void> {
    await loadRange({
      source: documentStore(this.documents, (document) => this.read.push(document)),
      target: () => Promise.resolve(this.target),
      dropTarget: () => Promise.resolve(),
      tables: this.tables,
      checkpoints: await this.checkpoints(),
      duplicates: [],
      fence: { runId: this.runId, epoch: 1 },
      policy,
      signal: never,
      onChunk: () => undefined,
      elapsed: () => 0,
      ...more,
    });
  }

  /** In the order of the tables. */
  async checkpoints(): Promise<readonly Checkpoint[]> {
    const found = await readCheckpoints(this.target, this.runId);
    return this.tables.map(({ label }) => found.find(({ table }) => table === label) as Checkpoint);
  }

  /** Rows in the target of each table, and documents of which it has a part only. */
  async counts(): Promise<{ readonly talks: number; readonly messages: number; readonly torn: number }> {
    const { rows } = await this.target.query(`SELECT (SELECT count(*) FROM ${this.schema}.talk) AS talks,
      (SELECT count(*) FROM ${this.schema}.message) AS messages,
      (SELECT count(*) FROM ${this.schema}.talk t FULL JOIN (SELECT talk_id, count(*) AS found FROM ${this.schema}.message GROUP BY 1) m
         ON m.talk_id = t.id WHERE t.count IS DISTINCT FROM COALESCE(m.found, 0)) AS torn`);
    const [row] = rows;
    return { talks: Number(row?.['talks']), messages: Number(row?.['messages']), torn: Number(row?.['torn']) };
  }

  async rejects(): Promise<readonly string[]> {
    const found = await readRejects(this.target, this.runId, { limit: null });
    return found.map(({ table, provenance, code }) => `${table.replace(/^.*\./, '')} ${provenance} ${code}`);
  }

  /** What was loaded, what is in the target and what the source has, when it is read again, are the same for each table. */
  async assertProved(): Promise<void> {
    const checkpoints = await this.checkpoints();
    const refused = await readRejects(this.target, this.runId, { limit: null });
    const again = await sumSourceTogether({
      source: documentStore(this.documents),
      tables: this.tables,
      excluded: this.tables.map(
        ({ label }) =>
          new Set(refused.filter(({ table, code }) => table === label && code === 'server-refused').map(({ provenance }) => provenance)),
      ),
      signal: never,
    });
    for (const [i, table] of this.tables.entries()) {
      const checkpoint = checkpoints[i] as Checkpoint;
      assert.ok(checkpoint.done);
      assert.equal(checkpoint.rowsRead, checkpoint.rowsWritten + checkpoint.rowsRejected, table.label);
      const loaded = loadedSums([checkpoint]);
      const there = await sumTargetTable({ target: this.target, table, signal: never });
      assert.equal(there.rows, loaded.rows);
      assert.deepEqual(there.sums.differingBuckets(BucketSums.fromBytes(loaded.sums)), []);
      assert.deepEqual(there.sums.differingBuckets(again[i]?.sums ?? new BucketSums()), []);
      assert.equal(again[i]?.rejected, loaded.rejected);
    }
  }
}

describeOnTargets('a group of tables', (target) => {
  it('is loaded document by document, each read once, and is in the target what it was in the source', async () => {
    const run = await GroupRun.begin(target(), talks(1_000));
    const told: string[] = [];
    await run.load(stop, { onChunk: ({ table, rows }) => told.push(`${table.replace(/^.*\./, '')} ${rows}`) });
    assert.deepEqual(await run.counts(), { talks: 1_000, messages: 1_500, torn: 0 });
    assert.deepEqual(told, ['talk 1000', 'message 1500']);
    assert.equal(run.read.length, 1_000);
    await run.assertProved();
  });

  it('S45 has whole documents only when it is cancelled between chunks, and goes on exactly behind them', async () => {
    const run = await GroupRun.begin(target(), manyTalks());
    const cancel = new AbortController();
    await assert.rejects(run.load(stop, { signal: cancel.signal, onChunk: () => cancel.abort() }), { code: 'cancelled' });
    const { talks: loaded, torn } = await run.counts();
    assert.ok(loaded > 0 && loaded < 2_000, `${loaded} documents`);
    assert.equal(torn, 0);
    const left = await run.checkpoints();
    assert.deepEqual(
      left.map(({ position, done, rowsWritten }) => ({ position, done, some: rowsWritten > 0 })),
      left.map(() => ({ position: String(loaded - 1), done: false, some: true })),
    );
    run.read.length = 0;
    await run.load(stop);
    assert.deepEqual([run.read[0], run.read.length], [loaded, 2_000 - loaded]);
    assert.deepEqual(await run.counts(), { talks: 2_000, messages: 3_000, torn: 0 });
    await run.assertProved();
  });

  it('sets aside a row of a child that the server refuses or that cannot be converted, and loads all others', async () => {
    const documents = talks(100);
    documents[50] = { id: 50, count: 3, messages: [{ text: 'good' }, { text: 'bad' }, { text: null }] };
    const run = await GroupRun.begin(target(), documents);
    await run.load(quarantine);
    assert.deepEqual(await run.rejects(), [
      'message d/50.json#/messages/2 null-not-allowed',
      'message d/50.json#/messages/1 server-refused',
    ]);
    assert.deepEqual(await run.counts(), { talks: 100, messages: 149, torn: 1 });
    await run.assertProved();
  });

  it('names the table of a refused row under stop, and nothing of its chunk stays', async () => {
    const documents = talks(100);
    documents[50] = { id: 50, count: 1, messages: [{ text: 'bad' }] };
    const run = await GroupRun.begin(target(), documents);
    await assert.rejects(
      run.load(stop),
      (error) =>
        error instanceof MigrationError && error.code === 'row-refused-by-server' && error.context.table === `${run.schema}.message`,
    );
    assert.deepEqual(await run.counts(), { talks: 0, messages: 0, torn: 0 });
    assert.deepEqual(
      (await run.checkpoints()).map(({ position }) => position),
      [null, null],
    );
  });

  it('counts a document that cannot be read once, as a reject of its first table without a value', async () => {
    const documents = talks(100);
    documents[7] = null;
    const run = await GroupRun.begin(target(), documents);
    await run.load(quarantine);
    const [broken, ...others] = await readRejects(target(), run.runId, { limit: null });
    assert.deepEqual(others, []);
    assert.deepEqual(broken, {
      ...{ table: `${run.schema}.talk`, provenance: 'd/7.json, byte 7', column: null },
      ...{ code: 'unreadable-document', message: 'this is no JSON', value: null },
    });
    assert.deepEqual(
      (await run.checkpoints()).map(({ rowsRead, rowsRejected }) => [rowsRead, rowsRejected]),
      [
        [100, 1],
        [147, 0],
      ],
    );
    await run.assertProved();
    const strict = await GroupRun.begin(target(), documents);
    await assert.rejects(
      strict.load(stop),
      (error) => error instanceof MigrationError && error.context['reject'] === 'unreadable-document',
    );
  });

  it('ends when there are more rejects in all tables than the run may have', async () => {
    const documents = talks(100);
    documents[3] = null;
    documents[50] = { id: 50, count: 1, messages: [{ text: null }] };
    const run = await GroupRun.begin(target(), documents);
    await assert.rejects(run.load({ ...quarantine, maxRejects: 1 }), { code: 'too-many-rejects' });
    assert.deepEqual(await run.rejects(), []);
    await run.load({ ...quarantine, maxRejects: 2 });
    await run.assertProved();
  });

  it('a document that is larger than a chunk is one chunk', async () => {
    const large = { id: 0, count: 3, messages: [1, 2, 3].map((n) => ({ text: `${n}${'y'.repeat(3 << 20)}` })) };
    const run = await GroupRun.begin(target(), [large, { id: 1, count: 0 }]);
    await run.load(stop);
    assert.deepEqual(await run.counts(), { talks: 2, messages: 3, torn: 0 });
    await run.assertProved();
  });
});

describe('a group of tables whose connection breaks', function () {
  this.timeout(60_000);

  it('writes no row twice when it is cut between the COMMIT of a chunk and its answer', async function () {
    const cluster = await requirePostgres(this);
    const url = await cluster.createDatabase();
    const proxy = await startCutProxy(
      cluster.port,
      [1, 2].map((nth) => ({ at: 'commit-answer', nth })),
    );
    const around = await openPostgresTarget(parsePostgresUrl(url, {}), 'sluice test');
    const cutUrl = new URL(url);
    cutUrl.hostname = '127.0.0.1';
    cutUrl.port = String(proxy.port);
    const cut: { session: Promise<Target> | null } = { session: null };
    try {
      const run = await GroupRun.begin(around, manyTalks());
      await run.load(stop, {
        target: () => (cut.session ??= openPostgresTarget(parsePostgresUrl(cutUrl.href, {}), 'sluice test')),
        dropTarget: async () => {
          const broken = cut.session;
          cut.session = null;
          await (await broken)?.close().catch(() => undefined);
        },
      });
      assert.equal(proxy.made.length, 2, 'not every cut was made');
      assert.deepEqual(await run.counts(), { talks: 2_000, messages: 3_000, torn: 0 });
      await run.assertProved();
    } finally {
      await (await cut.session)?.close();
      await around.close();
      await proxy.close();
    }
  });
});
