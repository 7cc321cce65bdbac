import type { FileSet } from '../shared/files/file-set.ts';
import type { FrozenFile } from '../shared/files/frozen-files.ts';
import type { SourceSnapshot } from '../source.ts';
import type { Dialect } from './dialect.ts';
import type { Place } from './record-reader.ts';

/** Everything that the whole files had to be read for. */
export interface DelimitedSnapshot extends SourceSnapshot {
  readonly set: Pick<FileSet, 'location' | 'single'>;
  readonly files: readonly FrozenFile[];
  readonly tables: readonly DelimitedTable[];
}

/** One table of one or several files. */
export interface DelimitedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** How many of them, at the end, are values of folders. */
  readonly partitions: number;
  readonly rows: number;
  readonly parts: readonly DelimitedPart[];
  /** How the files are written and why that is believed, for people. */
  readonly notes: readonly string[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** Bytes of the largest row. */
  readonly largestRow: number;
}

/** A file of a table, in the order in which they are read. */
export interface DelimitedPart {
  /** What stands before the line in the place of a row. */
  readonly name: string;
  /** What is told of it when it cannot be read. */
  readonly location: string;
  /** The file that is read. */
  readonly path: string;
  readonly size: number;
  readonly dialect: Dialect;
  /** Fields of its records. */
  readonly width: number;
  /** Where the values of the table's columns are. */
  readonly fields: readonly PartField[];
  readonly rows: number;
  /** Rows of the parts before it. */
  readonly firstRow: number;
  /** Beginnings of records, about evenly spread, the first row's first. */
  readonly marks: readonly Mark[];
}

/** A place in the file's records, or a text that all of its rows have; null = the file does not have the column. */
export type PartField = number | string | null;

export interface Mark extends Place {
  /** Rows of the file in front of it. */
  readonly row: number;
}
