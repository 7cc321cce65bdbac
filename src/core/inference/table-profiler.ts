import type { TableProfile } from '../model/column-profile.ts';
import type { RowBatch } from '../model/row-batch.ts';
import { UnreadableRecord, type SourceValue } from '../model/source-value.ts';
import { ColumnProfiler } from './column-profiler.ts';

/** Profiles all columns of a table in one pass. */
export class TableProfiler {
  readonly #table: string;
  readonly #columns: readonly ColumnProfiler[];
  #read = 0;

  /** `expectedRows`: about how many rows will be added. */
  constructor(table: string, columns: readonly string[], expectedRows: number) {
    this.#table = table;
    this.#columns = columns.map((column) => new ColumnProfiler(column, expectedRows));
  }

  /** Rows with their values in the order of the columns. */
  add(rows: readonly (readonly SourceValue[])[]): void {
    this.#add(rows.length, (row, c) => rows[row]![c]!);
  }

  /** Some rows of a batch, which may be rows or columns. */
  addFrom(batch: RowBatch, picked: readonly number[]): void {
    const { columns } = batch;
    if (columns === undefined) this.add(picked.map((row) => batch.rows[row]!));
    else this.#add(picked.length, (i, c) => columns.vectors[c]!.at(picked[i]!));
  }

  #add(rows: number, valueAt: (row: number, column: number) => SourceValue): void {
    this.#read += rows;
    this.#columns.forEach((profiler, c) => {
      for (let row = 0; row < rows; row++) {
        const value = valueAt(row, c);
        // It has no values to look at; that it is rejected is told by its source.
        if (!(value instanceof UnreadableRecord)) profiler.add(value);
      }
    });
  }

  /** `rows`: rows that the table has; fewer were read when it was sampled. */
  finish(rows: number): TableProfile {
    return {
      table: this.#table,
      rows,
      sample: this.#read < rows ? this.#read : null,
      columns: this.#columns.map((profiler) => profiler.finish()),
    };
  }
}
