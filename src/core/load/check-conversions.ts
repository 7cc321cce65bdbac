import { compileRowEncoder } from '../mapping/row-encoder.ts';
import { rowsIn } from '../model/row-batch.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import { ByteWriter } from '../tuple/byte-writer.ts';
import { TupleMeter, type TupleExcesses, type TupleLimits } from './tuple-meter.ts';

/** What would be turned away if the table were loaded now. */
export interface ConversionCheck {
  readonly table: string;
  readonly rows: number;
  readonly rejects: number;
  readonly byColumn: Readonly<Record<string, number>>;
  /** First few, with their place; without values. */
  readonly examples: readonly { readonly column: string; readonly provenance: string; readonly code: string; readonly message: string }[];
  /** Counted changes of values by "column: what", as the load will count them. */
  readonly counts: Readonly<Record<string, number>>;
  /** Rows that could be converted and that PostgreSQL could not store or index. */
  readonly excesses: TupleExcesses;
}

/** In place of a column where a record as a whole is turned away. */
export const wholeRecord = 'the whole record';

export interface RowsToCheck {
  readonly source: Source;
  readonly table: CompiledTable;
  readonly limits: TupleLimits;
  /** Of the tables that are read together: documents that cannot be read are rejects of the first and nothing in the others. */
  readonly isFirst: boolean;
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
}

/** Converts every row with exactly the converters of the load and throws the result away. */
export async function checkConversions({ source, table, limits, isFirst, signal, onRows }: RowsToCheck): Promise<ConversionCheck> {
  const encoder = compileRowEncoder(table.columns, table.options);
  const out = new ByteWriter();
  const meter = new TupleMeter(table.columns, limits);
  const measures = limits.wide || limits.keys.length > 0;
  const byColumn: Record<string, number> = {};
  const examples: ConversionCheck['examples'][number][] = [];
  let rows = 0;
  let rejects = 0;
  for await (const batch of source.readBatches(table.from, { columns: table.columns.map((column) => column.from), signal })) {
    const size = rowsIn(batch);
    for (let index = 0; index < size; index++) {
      if (!isFirst && (batch.brokenAt?.(index) ?? null) !== null) continue;
      rows++;
      out.reset();
      const failure = encoder.encodeFrom(batch, index, out);
      if (failure === null) {
        if (measures) meter.measure(out.view(), () => batch.provenanceAt(index));
        continue;
      }
      rejects++;
      const column = failure.column ?? wholeRecord;
      byColumn[column] = (byColumn[column] ?? 0) + 1;
      if (examples.length < 5)
        examples.push({ column, provenance: batch.provenanceAt(index), code: failure.code, message: failure.message });
    }
    onRows(size);
  }
  return { table: table.label, rows, rejects, byColumn, examples, counts: encoder.takeCounts(), excesses: meter.excesses };
}
