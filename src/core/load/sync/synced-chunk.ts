import { MigrationError } from '../../errors.ts';
import type { ColumnConversion } from '../../model/type-mapping.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { stagedTable } from '../../plan/staged-table.ts';
import {
  changedRowsOfSync,
  createKeysSql,
  markBehindSql,
  rememberKeysSql,
  syncedTable,
  type SqlSyncedTable,
} from '../../sql/existing/synced-rows.ts';
import type { TargetSession } from '../../target/target.ts';
import type { TupleSummer } from '../../tuple/tuple-summer.ts';
import type { Chunk } from '../chunk.ts';
import { refusalReject } from '../describe-reject.ts';
import type { RejectPolicy } from '../fill-chunk.ts';
import { keyPositions } from './find-changes.ts';
import { KeyRows } from './key-rows.ts';

/** What mode sync does about the chunks of one table, inside the transaction of each. */
export interface SyncedChunks {
  /** The chunk without the rows that the target has as they are, and without those whose key a row before them has, which are rejects. */
  narrow(session: TargetSession, chunk: Chunk): Promise<Chunk>;
  remember(session: TargetSession, outcome: RememberedRows): Promise<void>;
}

export interface RememberedRows {
  /** Rows that were written, as ranges of a chunk. */
  readonly written: { readonly chunk: Chunk; readonly ranges: readonly (readonly [number, number])[] };
  readonly waiting: Chunk | null;
  readonly refused: Chunk | null;
}

export interface SyncedLoad {
  readonly table: Pick<CompiledTable, 'label' | 'columns'>;
  readonly synced: SqlSyncedTable;
  readonly key: readonly number[];
  readonly summer: TupleSummer;
  readonly duplicates: ReadonlySet<string>;
  readonly policy: RejectPolicy;
  readonly signal: AbortSignal;
}

/** null for a table that is not synced. */
export function syncedChunks(table: CompiledTable, load: Omit<SyncedLoad, 'table' | 'synced' | 'key'>): SyncedChunks | null {
  const staged = stagedTable(table);
  const synced = staged === null ? null : syncedTable(staged);
  if (synced === null) return null;
  const work: SyncedLoad = { ...load, table, synced, key: keyPositions(table, synced) };
  return {
    narrow: (session, chunk) => narrow(session, chunk, work),
    remember: (session, outcome) => remember(session, outcome, work),
  };
}

async function narrow(session: TargetSession, chunk: Chunk, work: SyncedLoad): Promise<Chunk> {
  const { synced, duplicates, signal } = work;
  // Another table of the same transaction may have left its own.
  await session.query('DROP TABLE IF EXISTS pg_temp.sluice_keys');
  await session.query(createKeysSql(synced));
  await keysOf(chunk, [[0, chunk.rows]], work).replace(session, signal);
  const { rows } = await session.query(changedRowsOfSync(synced));
  const changed = rows.map((row) => Number(row['row']));
  if (duplicates.size === 0) return chunk.narrowed(changed, []);
  // Also one that is equal to the row before it, which is the one that the target has.
  const repeated = new Set(
    Array.from({ length: chunk.rows }, (_, row) => row).filter((row) => duplicates.has(chunk.originOf(row).provenance)),
  );
  return chunk.narrowed(
    changed.filter((row) => !repeated.has(row)),
    [...repeated].map((row) => rejectRepeated(chunk, row, work)),
  );
}

function rejectRepeated(chunk: Chunk, row: number, { table, policy }: SyncedLoad): ReturnType<typeof refusalReject> {
  const origin = chunk.originOf(row);
  const error = new MigrationError('row-written-twice', { context: { table: table.label } });
  if (policy.onReject === 'stop')
    throw new MigrationError('row-refused-by-server', {
      context: { table: table.label, detail: error.message, row: origin.provenance },
      cause: error,
    });
  const columns: readonly ColumnConversion[] = table.columns;
  return refusalReject(error, { ...origin, columns }, policy.redactValues);
}

async function remember(session: TargetSession, { written, waiting, refused }: RememberedRows, work: SyncedLoad): Promise<void> {
  const { synced, signal } = work;
  await session.query('DROP TABLE IF EXISTS pg_temp.sluice_keys');
  await session.query(createKeysSql(synced));
  await keysOf(written.chunk, written.ranges, work).replace(session, signal);
  await session.query(rememberKeysSql(synced, 'equal'));
  if (waiting !== null && waiting.rows > 0) {
    await keysOf(waiting, [[0, waiting.rows]], work).replace(session, signal);
    await session.query(rememberKeysSql(synced, 'waiting'));
  }
  if (refused !== null && refused.rows > 0) {
    await keysOf(refused, [[0, refused.rows]], work).replace(session, signal);
    await session.query(markBehindSql(synced));
  }
}

function keysOf(chunk: Chunk, ranges: RememberedRows['written']['ranges'], { key, summer }: SyncedLoad): KeyRows {
  const keys = new KeyRows(key, summer);
  for (const [from, to] of ranges)
    for (let row = from; row < to; row++) keys.add(row, chunk.tuples.buffer, chunk.offsets[row] ?? 0, chunk.offsets[row + 1] ?? 0);
  return keys;
}
