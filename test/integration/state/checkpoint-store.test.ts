import assert from 'node:assert/strict';
import { MigrationError } from '../../../src/core/index.ts';
import { insertRanges, moveCheckpoint, readCheckpoint, type Checkpoint } from '../../../src/core/state/checkpoint-store.ts';
import { ensureStateSchema, readStateVersion } from '../../../src/core/state/state-schema.ts';
import { insertRun, insertRunTable, raiseEpoch } from '../../../src/core/state/run-store.ts';
import { parsePostgresUrl } from '../../../src/core/target/postgres/connection-string.ts';
import { openTarget } from '../../../src/core/target/open-target.ts';
import type { Target } from '../../../src/core/target/target.ts';
import { requirePostgres } from '../../helpers/postgres.ts';

const runId = 'r-000000000001';
const fence = { runId, epoch: 1 };

describe('checkpoints', () => {
  let target: Target;

  beforeEach(async function () {
    const cluster = await requirePostgres(this);
    target = await open(await cluster.createDatabase());
    await ensureStateSchema(target);
    await insertRun(target, {
      runId,
      epoch: 1,
      planName: 'p',
      planHash: 'h',
      planText: '{}',
      overrides: {},
      sources: {},
      status: 'running',
      phase: 'data',
      engineVersion: '0',
      createdSchema: true,
      startedAtMs: 0,
    });
    await insertRunTable(target, runId, 0, { label: 'public.t', source: 'main', from: 't' });
    await insertRanges(target, fence, 'public.t', [{ upTo: '9' }]);
  });

  afterEach(() => target?.close());

  it('move from the position that was seen, and keep everything of it', async () => {
    const moved = {
      ...(await current()),
      position: '5',
      rowsRead: 5,
      rowsWritten: 4,
      rowsRejected: 1,
      contentHash: Uint8Array.of(1, 2),
      counts: { 'v: rounded': 2 },
    };
    await moveCheckpoint(target, fence, null, moved);
    assert.deepEqual(await current(), moved);
  });

  it('do not move twice from one position: a chunk that was committed cannot be committed again', async () => {
    const moved = { ...(await current()), position: '5' };
    await moveCheckpoint(target, fence, null, moved);
    await assert.rejects(moveCheckpoint(target, fence, null, moved), isFenced);
  });

  it('do not move for whoever held the run before', async () => {
    const before = await current();
    assert.equal(await raiseEpoch(target, runId), 2);
    await assert.rejects(moveCheckpoint(target, fence, null, { ...before, position: '5' }), isFenced);
    await moveCheckpoint(target, { runId, epoch: 2 }, null, { ...before, position: '5' });
  });

  it('a range that is done stays done', async () => {
    const done = { ...(await current()), position: '9', done: true };
    await moveCheckpoint(target, fence, null, done);
    await assert.rejects(moveCheckpoint(target, fence, '9', done), isFenced);
  });

  it('state of a newer version, and a schema of somebody else, are refused', async () => {
    await target.query('UPDATE sluice.state_version SET version = 99');
    await assert.rejects(ensureStateSchema(target), (error) => error instanceof MigrationError && error.code === 'state-too-new');
    await target.query('DROP TABLE sluice.state_version');
    await assert.rejects(readStateVersion(target), (error) => error instanceof MigrationError && error.code === 'state-schema-foreign');
  });

  async function current(): Promise<Checkpoint> {
    const checkpoint = await readCheckpoint(target, runId, 'public.t', 0);
    assert.ok(checkpoint);
    return checkpoint;
  }
});

async function open(url: string): Promise<Target> {
  return openTarget({ kind: 'postgres', connection: parsePostgresUrl(url, {}), applicationName: 'test' }, {});
}

function isFenced(error: unknown): boolean {
  return error instanceof MigrationError && error.code === 'fenced';
}
