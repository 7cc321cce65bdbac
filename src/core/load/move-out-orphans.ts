import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { quarantinedKeys, referenceOf, type CompiledKey } from '../plan/compiled-keys.ts';
import type { Source } from '../sources/source.ts';
import { lockAgainstWritersSql } from '../sql/duplicate-rows.ts';
import { countOrphanPlacesSql, createOrphanPlacesSql, findOrphansSql, orphanRowsSql, spreadOrphansSql } from '../sql/orphan-rows.ts';
import type { Fence } from '../state/checkpoint-store.ts';
import { readRefusedPlaces } from '../state/reject-store.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { TargetSession } from '../target/target.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { orphanReject } from './describe-reject.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import { findSourceRows } from './find-source-rows.ts';
import { LeavingRows } from './leaving-rows.ts';
import { readMarkedRows } from './marked-rows.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface OrphanRows extends WorkerTarget {
  /** Tables that the run made and that have a foreign key whose orphans are set aside. */
  readonly tables: readonly CompiledTable[];
  readonly sourceOf: (table: CompiledTable) => Promise<Source>;
  readonly fence: Fence;
  readonly policy: RejectPolicy;
  readonly signal: AbortSignal;
  /** Milliseconds from any start. */
  readonly elapsed: () => number;
}

/**
 * Takes the rows out of loaded tables that refer to no row by a foreign key which is to be added, and the rows that refer to those, until none is left,
 * and keeps them as rejects. All of it is one transaction. Safe to repeat as long as no foreign key is there: its actions would reach other rows. Returns the
 * number of rows taken out. Throws `orphans-found` under `stop`.
 */
export function moveOutOrphans(work: OrphanRows): Promise<number> {
  return retryTransient(async () => (await work.target()).transaction((session) => moveOut(work, session)), work.dropTarget, work.signal);
}

/** A key with the numbers of its table and of that of its parents, where orphans are set aside as well. */
interface NumberedKey {
  readonly tab: number;
  readonly key: CompiledKey;
  readonly parentTab: number;
}

async function moveOut(work: OrphanRows, session: TargetSession): Promise<number> {
  const { tables, fence, policy } = work;
  const keys = tables.flatMap((table, tab): NumberedKey[] =>
    quarantinedKeys(table).map((key) => ({
      tab,
      key,
      parentTab: tables.findIndex(({ label }) => label === `${key.to.schema}.${key.to.table}`),
    })),
  );
  for (const { to } of tables) await session.query(lockAgainstWritersSql(to));
  if (!(await findOrphans(work, session, keys))) return 0;
  if (policy.onReject === 'stop') throw await orphansFound(work, session, keys);
  const refused = await readRefusedPlaces(session, fence.runId);
  let moved = 0;
  for (const tab of tables.keys()) moved += await moveOutOf(work, session, keys, tab, refused);
  return moved;
}

/** Level by level, so that circles come to an end: a row is found once. false when every row has its parent. */
async function findOrphans({ tables, signal }: OrphanRows, session: TargetSession, keys: readonly NumberedKey[]): Promise<boolean> {
  await session.query(createOrphanPlacesSql);
  let found = 0;
  for (const [number, { tab, key }] of keys.entries())
    found += (await session.query(findOrphansSql(tab, number, referenceOf(tables[tab] as CompiledTable, key)))).rowCount;
  if (found === 0) return false;
  for (let level = 1; found > 0; level++) {
    found = 0;
    for (const [number, { tab, key, parentTab }] of keys.entries()) {
      if (signal.aborted) throw new MigrationError('cancelled');
      if (parentTab < 0) continue;
      const sql = spreadOrphansSql(tab, number, referenceOf(tables[tab] as CompiledTable, key), parentTab, level);
      found += (await session.query(sql)).rowCount;
    }
  }
  return true;
}

async function orphansFound({ tables }: OrphanRows, session: TargetSession, keys: readonly NumberedKey[]): Promise<MigrationError> {
  const { rows } = await session.query(countOrphanPlacesSql);
  const examples = rows.map((row) => {
    const table = tables[Number(row['tab'])] as CompiledTable;
    const { name, to } = (keys[Number(row['key'])] as NumberedKey).key;
    const direct = Number(row['direct']);
    const indirect = Number(row['orphans']) - direct;
    const parts = [
      ...(direct > 0 ? [`${direct} without a parent`] : []),
      ...(indirect > 0 ? [`${indirect} whose parent is one of them`] : []),
    ];
    return `${table.label}, key "${name}" to ${to.schema}.${to.table}: ${parts.join(', ')}`;
  });
  return new MigrationError('orphans-found', {
    context: { rejects: rows.reduce((sum, row) => sum + Number(row['orphans']), 0), examples },
  });
}

/** Rows of the target that are looked for in one reading of the source, and kept in memory. */
const rowsAtOnce = 50_000;

async function moveOutOf(
  work: OrphanRows,
  session: TargetSession,
  keys: readonly NumberedKey[],
  tab: number,
  refused: ReadonlyMap<string, readonly string[]>,
): Promise<number> {
  const { fence, policy, signal } = work;
  const table = work.tables[tab] as CompiledTable;
  const excluded = new Set(refused.get(table.label));
  const summer = TupleSummer.create(table.columns, table.key);
  const sql = (columns: readonly string[]): string => orphanRowsSql(tab, table.to, columns, rowsAtOnce);
  let moved = 0;
  for (;;) {
    const started = work.elapsed();
    const wanted = await readMarkedRows(session, table, sql, summer, signal);
    if (wanted.size === 0) return moved;
    const leaving = new LeavingRows(table);
    const source = await work.sourceOf(table);
    const missing = await findSourceRows({ source, table, excluded, signal }, wanted, summer, (row) => {
      const { key } = keys[Number(row.mark >> 1n)] as NumberedKey;
      leaving.add(row, orphanReject(key, (row.mark & 1n) === 1n, { ...row, columns: table.columns }, policy.redactValues), summer);
      excluded.add(row.provenance);
    });
    // Its children were found by it; they would go although it stays.
    if (missing > 0) throw new MigrationError('orphans-not-ours', { context: { table: table.label, rejects: missing } });
    await leaving.takeOut(session, fence, policy, work.elapsed() - started);
    moved += leaving.count;
  }
}
