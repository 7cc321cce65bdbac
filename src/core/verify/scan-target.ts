import { MigrationError } from '../errors.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import { ownTuplesSql } from './own-tuples.ts';
import { copyOutSql } from '../sql/copy.ts';
import type { Target } from '../target/target.ts';
import { TupleReader, type TupleVisitor } from '../tuple/tuple-reader.ts';

export interface TargetScan {
  readonly target: Pick<Target, 'copyOut'>;
  readonly table: CompiledTable;
  readonly signal: AbortSignal;
  /** Rows read since the last call. */
  readonly onRows?: (rows: number) => void;
}

/** Reads a whole table by binary COPY, columns in the order of the plan; of a table that was there before the run, the run's own rows. Returns the number of rows. */
export async function scanTarget(scan: TargetScan, visit: TupleVisitor): Promise<number> {
  let rows = 0;
  const reader = new TupleReader((buffer, start, end) => {
    rows++;
    visit(buffer, start, end);
  });
  const sql =
    ownTuplesSql(scan.table) ??
    copyOutSql(
      scan.table.to,
      scan.table.columns.map((column) => column.to),
    );
  let told = 0;
  for await (const piece of scan.target.copyOut(sql, scan.signal)) {
    if (scan.signal.aborted) throw new MigrationError('cancelled');
    reader.push(piece);
    if (rows - told < rowsBetweenReports) continue;
    scan.onRows?.(rows - told);
    told = rows;
  }
  reader.end();
  scan.onRows?.(rows - told);
  return rows;
}

const rowsBetweenReports = 5_000;
