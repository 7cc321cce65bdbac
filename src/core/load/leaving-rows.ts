import type { CompiledTable } from '../plan/compiled-plan.ts';
import { deletePlacesSql } from '../sql/duplicate-rows.ts';
import { insertAdjustment, type Fence } from '../state/checkpoint-store.ts';
import { insertRejects, refuseTooManyRejects, type RejectRecord } from '../state/reject-store.ts';
import type { TargetSession } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import { ChangeCounter } from './change-counter.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import type { FoundRow } from './find-source-rows.ts';

/** Rows of a loaded table that are to be taken out again and kept as rejects. */
export class LeavingRows {
  readonly #table: CompiledTable;
  readonly #changes: ChangeCounter;
  readonly #rejects: RejectRecord[] = [];
  readonly #places: string[] = [];
  /** Sums of the rows, subtracted. */
  readonly #sums = new BucketSums();

  constructor(table: CompiledTable) {
    this.#table = table;
    this.#changes = new ChangeCounter(table);
  }

  get count(): number {
    return this.#rejects.length;
  }

  /** Where they are in the target. */
  get places(): readonly string[] {
    return this.#places;
  }

  /** `summer` has just read the row. */
  add({ place, values }: Pick<FoundRow, 'place' | 'values'>, reject: RejectRecord, summer: TupleSummer): void {
    this.#places.push(place);
    this.#rejects.push(reject);
    this.#sums.subtract(summer);
    this.#changes.add(values);
  }

  /** Rows, rejects and counts change in the caller's transaction, which holds the table against writers. Throws `too-many-rejects` and `fenced`. */
  async takeOut(session: TargetSession, fence: Fence, { maxRejects }: RejectPolicy, milliseconds: number): Promise<void> {
    const { to, label } = this.#table;
    if (this.count === 0) return;
    for (let from = 0; from < this.#places.length; from += placesAtOnce)
      await session.query(deletePlacesSql(to), [this.#places.slice(from, from + placesAtOnce)]);
    await insertRejects(session, fence.runId, label, this.#rejects);
    await refuseTooManyRejects(session, fence.runId, label, this.#rejects, maxRejects);
    await insertAdjustment(session, fence, label, {
      rowsRead: 0,
      rowsWritten: -this.count,
      rowsRejected: this.count,
      bytes: 0,
      milliseconds: Math.round(milliseconds),
      counts: this.#changes.takeFrom({}),
      contentHash: this.#sums.toBytes(),
    });
  }
}

const placesAtOnce = 10_000;
