import type { TableProfile } from '../model/column-profile.ts';
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
    this.#read += rows.length;
    this.#columns.forEach((profiler, c) => {
      for (const row of rows) {
        const value = row[c]!;
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
