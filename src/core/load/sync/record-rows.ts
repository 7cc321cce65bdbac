import { createKeysSql, forgetKeysSql, rememberKeysSql, type SqlSyncedTable } from '../../sql/existing/synced-rows.ts';
import { requireHeld, type Fence } from '../../state/checkpoint-store.ts';
import { retryTransient } from '../../target/retry-transient.ts';
import type { WorkerTarget } from '../worker-target.ts';
import { keyPositions } from './find-changes.ts';
import { stageSourceKeys, type SourceKeys } from './stage-source-keys.ts';

export interface RowRecording extends WorkerTarget, Omit<SourceKeys, 'key'> {
  readonly synced: SqlSyncedTable;
  readonly fence: Fence;
}

/**
 * Keeps the hashes of all rows of a table that the run has made and loaded, once keys have shown which rows stay; `excluded` = those that did not. One
 * transaction, which takes the place of what an earlier one kept.
 */
export function recordRows(work: RowRecording): Promise<null> {
  const { synced, fence, table, dropTarget, signal } = work;
  return retryTransient(
    async () =>
      (await work.target()).transaction(async (session) => {
        await requireHeld(session, fence, table.label);
        await session.query(createKeysSql(synced));
        await stageSourceKeys(session, { ...work, key: keyPositions(table, synced) });
        await session.query(forgetKeysSql(synced));
        await session.query(rememberKeysSql(synced, 'equal'));
        return null;
      }),
    dropTarget,
    signal,
  );
}
