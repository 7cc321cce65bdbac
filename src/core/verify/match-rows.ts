import type { RowDiscrepancy } from '../model/discrepancy.ts';
import type { Provenance } from '../model/row-batch.ts';
import { TupleSummer } from '../tuple/tuple-summer.ts';
import { partOf, type BucketGroup } from './bucket-groups.ts';
import type { BucketComparison, RowDifferences } from './bucket-comparison.ts';
import type { UnmatchedTuples } from './find-unmatched.ts';
import { TupleDescriber } from './tuple-describer.ts';
import { scanSource } from './scan-source.ts';
import { scanTarget } from './scan-target.ts';

/** Matches the tuples that have no equal on the other side by their key, and adds what comes out to `differences`. */
export async function matchRows(
  comparison: BucketComparison,
  group: BucketGroup,
  unmatched: UnmatchedTuples,
  slice: number,
  differences: RowDifferences,
): Promise<void> {
  const { table, limit, whole, state } = comparison;
  const describes = (found: RowDiscrepancy['state']): boolean =>
    differences.discrepancies.length < limit && (state === undefined || state === found) && whole?.full !== true;
  const describe = (row: RowDiscrepancy, source: Buffer | null, target: Buffer | null): void => {
    differences.discrepancies.push(row);
    whole?.add(row, source, target);
  };
  const summer = TupleSummer.create(table.columns, table.key);
  const describer = new TupleDescriber(table.columns, table.key);
  const surplus = new Map(unmatched.surplus);
  const waiting = new WaitingRows();
  const concerns = (): boolean =>
    group.has(summer) && partOf(Math.floor((summer.keyHash & 0xffffff) / group.parts), unmatched.slices) === slice;

  await scanSource({ ...comparison, range: {} }, (buffer, start, end, batch, row) => {
    summer.read(buffer, start, end);
    if (concerns() && takeOne(surplus, summer.hashText(), 1)) {
      waiting.add(summer.keyText(), { tuple: Buffer.from(buffer.subarray(start, end)), provenance: batch.provenanceAt(row) });
    }
  });
  await scanTarget(comparison, (buffer, start, end) => {
    summer.read(buffer, start, end);
    if (!concerns() || !takeOne(surplus, summer.hashText(), -1)) return;
    const row = waiting.take(summer.keyText());
    if (row === undefined) {
      differences.extra++;
      if (describes('extra')) describe(describer.extra(buffer, start, end), null, buffer.subarray(start, end));
      return;
    }
    differences.different++;
    const fields = describer.differingFields(row.tuple, buffer, start, end);
    for (const name of fields.map((field) => table.columns[field]?.to ?? ''))
      differences.differentByColumn[name] = (differences.differentByColumn[name] ?? 0) + 1;
    if (describes('different'))
      describe(describer.different(fields, row.tuple, row.provenance, buffer, start), row.tuple, buffer.subarray(start, end));
  });
  for (const row of waiting.all()) {
    differences.missing++;
    if (describes('missing')) describe(describer.missing(row.tuple, row.provenance), row.tuple, null);
  }
}

interface WaitingRow {
  readonly tuple: Buffer;
  readonly provenance: Provenance;
}

/** Rows of the source by key; a key may stand there twice when nothing keeps it unique. */
class WaitingRows {
  private readonly rows = new Map<string, WaitingRow[]>();

  add(key: string, row: WaitingRow): void {
    const same = this.rows.get(key);
    if (same === undefined) this.rows.set(key, [row]);
    else same.push(row);
  }

  take(key: string): WaitingRow | undefined {
    return this.rows.get(key)?.pop();
  }

  all(): WaitingRow[] {
    return [...this.rows.values()].flat();
  }
}

/** Uses up one of the tuples that a side (1 source, -1 target) has more of; false when none is left. */
function takeOne(surplus: Map<string, number>, hash: string, side: 1 | -1): boolean {
  const count = (surplus.get(hash) ?? 0) * side;
  if (count <= 0) return false;
  surplus.set(hash, (count - 1) * side);
  return true;
}
