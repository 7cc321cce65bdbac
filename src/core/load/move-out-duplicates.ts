import { MigrationError } from '../errors.ts';
import { compileRowEncoder } from '../mapping/row-encoder.ts';
import type { UniqueRule } from '../model/statement.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { deletePlacesSql, lockAgainstWritersSql } from '../sql/duplicate-rows.ts';
import { insertAdjustment, type Fence } from '../state/checkpoint-store.ts';
import { insertRejects, refuseTooManyRejects, type RejectRecord } from '../state/reject-store.ts';
import { retryTransient } from '../target/retry-transient.ts';
import type { TargetSession } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { ChangeCounter, type ChangeCounts } from './change-counter.ts';
import { keyReject } from './describe-reject.ts';
import { readDuplicateGroups, type EqualRows } from './duplicate-groups.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import type { WorkerTarget } from './worker-target.ts';

export interface DuplicateRows extends WorkerTarget {
  readonly source: Source;
  readonly table: CompiledTable;
  readonly rule: UniqueRule;
  readonly fence: Fence;
  readonly policy: RejectPolicy;
  /** Provenance of rows that the server refused. */
  readonly excluded: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Milliseconds from any start. */
  readonly elapsed: () => number;
}

/**
 * Takes the rows out of a loaded table that break a key which is to be added, and keeps them as rejects; of rows with the same key the first in the
 * order of the source stays. Rows, rejects and counts change in one transaction. Safe to repeat. Returns the number of rows taken out.
 */
export function moveOutDuplicates(work: DuplicateRows): Promise<number> {
  return retryTransient(async () => (await work.target()).transaction((session) => moveOut(work, session)), work.dropTarget, work.signal);
}

async function moveOut(work: DuplicateRows, session: TargetSession): Promise<number> {
  const { table, rule, fence, policy, signal } = work;
  const started = work.elapsed();
  await session.query(lockAgainstWritersSql(table.to));
  const summer = TupleSummer.create(table.columns, table.key);
  const groups = await readDuplicateGroups(session, table, rule, summer, signal);
  const later = await findLaterRows(work, groups, summer);
  if (later.rejects.length === 0) return 0;
  for (let from = 0; from < later.places.length; from += placesAtOnce)
    await session.query(deletePlacesSql(table.to), [later.places.slice(from, from + placesAtOnce)]);
  await insertRejects(session, fence.runId, table.label, later.rejects);
  await refuseTooManyRejects(session, fence.runId, table.label, later.rejects, policy.maxRejects);
  const moved = later.rejects.length;
  await insertAdjustment(session, fence, table.label, {
    rowsRead: 0,
    rowsWritten: -moved,
    rowsRejected: moved,
    bytes: 0,
    milliseconds: Math.round(work.elapsed() - started),
    counts: later.counts,
    contentHash: later.sums.toBytes(),
  });
  return moved;
}

const placesAtOnce = 10_000;

interface LaterRows {
  readonly rejects: RejectRecord[];
  readonly places: string[];
  /** Sums of the rows, subtracted. */
  readonly sums: BucketSums;
  /** Changes of values in them, subtracted. */
  readonly counts: ChangeCounts;
}

/** Reads the source in its order: of each group the first row stays, the others are named with their place. */
async function findLaterRows(work: DuplicateRows, groups: ReadonlyMap<string, EqualRows>, summer: TupleSummer): Promise<LaterRows> {
  const { source, table, rule, policy, excluded, signal } = work;
  const { columns } = table;
  const encoder = compileRowEncoder(columns, table.options);
  const changes = new ChangeCounter(table);
  const out = new ByteWriter();
  const firsts = new Map<bigint, string>();
  const found = { rejects: [] as RejectRecord[], places: [] as string[], sums: new BucketSums() };
  for await (const batch of source.readBatches(table.from, { columns: columns.map(({ from }) => from), signal })) {
    if (signal.aborted) throw new MigrationError('cancelled');
    for (const [row, values] of batch.rows.entries()) {
      out.reset();
      if (encoder.encode(values, out) !== null) continue;
      summer.read(out.buffer, 0, out.position);
      const equal = groups.get(summer.hashText());
      if (equal === undefined) continue;
      const provenance = batch.provenanceAt(row);
      if (excluded.has(provenance)) continue;
      const place = equal.places.pop();
      if (place === undefined) continue;
      const first = firsts.get(equal.group);
      if (first === undefined) {
        firsts.set(equal.group, provenance);
        continue;
      }
      found.places.push(place);
      found.rejects.push(keyReject(rule, first, { provenance, values, columns }, policy.redactValues));
      found.sums.subtract(summer);
      changes.add(values);
    }
  }
  return { ...found, counts: changes.takeFrom({}) };
}
