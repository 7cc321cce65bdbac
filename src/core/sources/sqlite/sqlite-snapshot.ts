import type { SourceSnapshot } from '../source.ts';

/** Facts about the frozen file that every thread would otherwise have to find out again. */
export interface SqliteSnapshot extends SourceSnapshot {
  readonly identity: FileIdentity;
  /** Bytes of the largest row, by table as stored; it decides how many rows a batch may hold. */
  readonly largestRow: Readonly<Record<string, number>>;
}

/** Tells cheaply that a file was not written to; `header` changes with every transaction of a rollback-journal database. */
export interface FileIdentity {
  readonly size: number;
  readonly modified: string;
  readonly header: string;
}
