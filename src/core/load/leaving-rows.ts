import { compileRowEncoder, type RowEncoder } from '../mapping/row-encoder.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { deletePlacesSql } from '../sql/duplicate-rows.ts';
import { insertAdjustment, type Fence } from '../state/checkpoint-store.ts';
import { insertRejects, refuseTooManyRejects, type RejectRecord } from '../state/reject-store.ts';
import type { TargetSession } from '../target/target.ts';
import { BucketSums } from '../tuple/bucket-sums.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';
import type { TupleSummer } from '../tuple/tuple-summer.ts';
import type { RejectPolicy } from './fill-chunk.ts';
import type { FoundRow } from './find-source-rows.ts';

/** Rows of a loaded table that are to be taken out again and kept as rejects. */
export class LeavingRows {
  readonly #table: CompiledTable;
  readonly #counting: RowEncoder;
  readonly #out = new ByteWriter();
  readonly #rejects: RejectRecord[] = [];
  readonly #places: string[] = [];
  /** Sums of the rows, subtracted. */
  readonly #sums = new BucketSums();

  constructor(table: CompiledTable) {
    this.#table = table;
    this.#counting = compileRowEncoder(table.columns, table.options);
  }

  get count(): number {
    return this.#rejects.length;
  }

  /** `summer` has just read the row. */
  add({ place, values }: FoundRow, reject: RejectRecord, summer: TupleSummer): void {
    this.#places.push(place);
    this.#rejects.push(reject);
    this.#sums.subtract(summer);
    this.#out.reset();
    this.#counting.encode(values, this.#out);
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
      rowsWritten: -this.count,
      rowsRejected: this.count,
      bytes: 0,
      milliseconds: Math.round(milliseconds),
      // Changes of values in these rows, subtracted.
      counts: Object.fromEntries(Object.entries(this.#counting.takeCounts()).map(([name, count]) => [name, -count])),
      contentHash: this.#sums.toBytes(),
    });
  }
}

const placesAtOnce = 10_000;
