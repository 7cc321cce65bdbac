import type { FileSnapshot } from '../shared/file-snapshot.ts';
import type { Dialect } from './dialect.ts';
import type { Place } from './record-reader.ts';

/** Everything that the whole file had to be read for. */
export interface DelimitedSnapshot extends FileSnapshot {
  readonly dialect: Dialect;
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Beginnings of records, about evenly spread, the first row's first. */
  readonly marks: readonly Mark[];
  /** How the file is written and why that is believed, for people. */
  readonly notes: readonly string[];
}

export interface Mark extends Place {
  /** Rows in front of it. */
  readonly row: number;
}
