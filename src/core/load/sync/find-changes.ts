import { MigrationError } from '../../errors.ts';
import { stagedTable } from '../../plan/staged-table.ts';
import {
  createKeysSql,
  gatherSeenSql,
  markUnseenSql,
  repeatedKeysSql,
  someChangedSql,
  syncedTable,
  type SqlSyncedTable,
} from '../../sql/existing/synced-rows.ts';
import { moveCheckpoint, requireHeld, type Checkpoint, type Fence } from '../../state/checkpoint-store.ts';
import { retryTransient } from '../../target/retry-transient.ts';
import type { TargetSession } from '../../target/target.ts';
import type { WorkerTarget } from '../worker-target.ts';
import { placesOf, stageSourceKeys, type SourceKeys } from './stage-source-keys.ts';

export interface ChangeSearch extends WorkerTarget, Pick<SourceKeys, 'source' | 'table' | 'signal' | 'onRows'> {
  readonly fence: Fence;
  readonly checkpoint: Checkpoint;
  /** No other table is read together with it: a table of a group cannot be done before the others. */
  readonly isAlone: boolean;
}

export interface FoundChanges {
  /** Provenance of rows whose key a row before them has. */
  readonly duplicates: readonly string[];
}

/**
 * Compares all rows of the source with what is known of the table, by their hashes, in one transaction: keys that the source does not have any more are
 * marked, and where nothing else changed the table is done. Nothing of it depends on how far the run has come, so it can be repeated.
 */
export function findChanges(work: ChangeSearch): Promise<FoundChanges> {
  return retryTransient(async () => (await work.target()).transaction((session) => find(session, work)), work.dropTarget, work.signal);
}

async function find(session: TargetSession, work: ChangeSearch): Promise<FoundChanges> {
  const { fence, checkpoint, table, isAlone } = work;
  const staged = stagedTable(table);
  const synced = staged === null ? null : syncedTable(staged);
  if (synced === null) throw new MigrationError('internal', { context: { detail: `${table.label} is not synced` } });
  await requireHeld(session, fence, table.label);
  await session.query(createKeysSql(synced));
  const { rows, unreadable } = await stageSourceKeys(session, { ...work, key: keyPositions(work.table, synced), excluded: new Set() });
  for (const sql of gatherSeenSql(synced)) await session.query(sql);
  // A row that cannot be read may be any of those that were not seen. Where only some rows are read, nothing follows from it.
  if (!synced.partial) await session.query(markUnseenSql(synced, unreadable > 0 ? 'behind' : 'gone'));
  const repeated = new Set((await session.query(repeatedKeysSql)).rows.map((row) => Number(row['row'])));
  const duplicates = await placesOf(work, repeated);
  const [found] = (await session.query(someChangedSql(synced))).rows;
  if (
    isAlone &&
    found?.['changed'] !== true &&
    duplicates.length === 0 &&
    unreadable === 0 &&
    checkpoint.position === null &&
    !checkpoint.done
  )
    await moveCheckpoint(session, fence, null, { ...checkpoint, done: true, rowsRead: rows });
  return { duplicates };
}

/** Where the columns of the key are in a tuple. */
export function keyPositions({ columns }: SourceKeys['table'], { key }: Pick<SqlSyncedTable, 'key'>): readonly number[] {
  return key.map(({ name }) => columns.findIndex(({ to }) => to === name));
}
