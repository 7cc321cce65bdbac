import { referenceOf } from '../plan/compiled-keys.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { lockAgainstWritersSql } from '../sql/duplicate-rows.ts';
import { createOrphanPlacesSql, insertPlacesSql, orphanRowsSql, spreadOrphansSql } from '../sql/orphan-rows.ts';
import type { Fence } from '../state/checkpoint-store.ts';
import type { TargetSession } from '../target/target.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { documentReject } from './describe-reject.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import { findSourceRows } from './find-source-rows.ts';
import { LeavingRows } from './leaving-rows.ts';
import { readMarkedRows } from './marked-rows.ts';

/** A table of what is in the documents of another one. */
export interface TableWithin {
  readonly table: CompiledTable;
  /** Provenance of rows that the server refused. */
  readonly excluded: ReadonlySet<string>;
}

interface DocumentsWork {
  readonly source: Source;
  /** Of the documents. */
  readonly table: CompiledTable;
  readonly within: readonly TableWithin[];
  readonly fence: Fence;
  readonly policy: RejectPolicy;
  readonly signal: AbortSignal;
  readonly elapsed: () => number;
}

/**
 * Takes the rows of what is in documents that leave the target, and only of these documents: others may have the same key. They are among the rows that
 * refer to the documents' rows at `places`, which must still be there.
 */
export async function moveOutWithin(
  work: DocumentsWork,
  session: TargetSession,
  places: readonly string[],
  documents: ReadonlySet<string>,
): Promise<void> {
  const { within, table, source, fence, policy, signal } = work;
  if (within.length === 0) return;
  const tables = [table, ...within.map((one) => one.table)];
  for (const { table: one } of within) await session.query(lockAgainstWritersSql(one.to));
  await session.query(createOrphanPlacesSql);
  await session.query(insertPlacesSql(table.to), [places]);
  await spread(session, tables);
  for (const [i, { table: own, excluded }] of within.entries()) {
    const started = work.elapsed();
    const summer = TupleSummer.create(own.columns, own.key);
    const wanted = await readMarkedRows(session, own, (columns) => orphanRowsSql(i + 1, own.to, columns, null), summer, signal);
    const leaving = new LeavingRows(own);
    await findSourceRows({ source, table: own, excluded, signal, documents }, wanted, summer, (row) =>
      leaving.add(row, documentReject(row.document ?? '', { ...row, columns: own.columns }, policy.redactValues), summer),
    );
    await leaving.takeOut(session, fence, policy, work.elapsed() - started);
  }
}

/** Places of all rows that refer to those of the first table, level by level. */
async function spread(session: TargetSession, tables: readonly CompiledTable[]): Promise<void> {
  const labels = tables.map(({ label }) => label);
  for (let level = 1, found = 1; found > 0 && level < tables.length; level++) {
    found = 0;
    for (const [tab, table] of tables.entries())
      for (const [number, key] of table.foreignKeys.entries()) {
        const parent = labels.indexOf(`${key.to.schema}.${key.to.table}`);
        if (tab === 0 || parent < 0) continue;
        found += (await session.query(spreadOrphansSql(tab, number, referenceOf(table, key), parent, level))).rowCount;
      }
  }
}
