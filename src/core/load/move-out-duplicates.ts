import type { UniqueRule } from '../model/statement.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { duplicateRowsSql, lockAgainstWritersSql } from '../sql/duplicate-rows.ts';
import type { Fence } from '../state/checkpoint-store.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { TargetSession } from '../target/target.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { keyReject } from './describe-reject.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import { findSourceRows } from './find-source-rows.ts';
import { LeavingRows } from './leaving-rows.ts';
import { moveOutWithin, type TableWithin } from './move-out-within.ts';
import { readMarkedRows } from './marked-rows.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface DuplicateRows extends WorkerTarget {
  readonly source: Source;
  readonly table: CompiledTable;
  readonly rule: UniqueRule;
  readonly fence: Fence;
  readonly policy: RejectPolicy;
  /** Provenance of rows that the server refused. */
  readonly excluded: ReadonlySet<string>;
  /** Tables of what is in the documents of the table, parents before children, with what is excluded of them. */
  readonly within: readonly TableWithin[];
  readonly signal: AbortSignal;
  /** Milliseconds from any start. */
  readonly elapsed: () => number;
}

/**
 * Takes the rows out of a loaded table that break a key which is to be added, and keeps them as rejects; of rows with the same key the first in the
 * order of the source stays. Where a row is a document, the rows of what is in it go as well. Rows, rejects and counts change in one transaction. Safe to repeat. Returns the number of rows taken out.
 */
export function moveOutDuplicates(work: DuplicateRows): Promise<number> {
  return retryTransient(async () => (await work.target()).transaction((session) => moveOut(work, session)), work.dropTarget, work.signal);
}

async function moveOut(work: DuplicateRows, session: TargetSession): Promise<number> {
  const { table, rule, fence, policy, signal } = work;
  const started = work.elapsed();
  await session.query(lockAgainstWritersSql(table.to));
  const summer = TupleSummer.create(table.columns, table.key);
  const groups = await readMarkedRows(session, table, (columns) => duplicateRowsSql(table.to, columns, rule), summer, signal);
  const later = new LeavingRows(table);
  const firsts = new Map<bigint, string>();
  const documents = new Set<string>();
  await findSourceRows(work, groups, summer, (row) => {
    const first = firsts.get(row.mark);
    if (first === undefined) firsts.set(row.mark, row.provenance);
    else {
      later.add(row, keyReject(rule, first, { ...row, columns: table.columns }, policy.redactValues), summer);
      if (row.document === row.provenance) documents.add(row.document);
    }
  });
  if (documents.size > 0) await moveOutWithin(work, session, later.places, documents);
  await later.takeOut(session, fence, policy, work.elapsed() - started);
  return later.count;
}
