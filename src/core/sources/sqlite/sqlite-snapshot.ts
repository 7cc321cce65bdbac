import type { SourceSnapshot } from '../source.ts';

/** Facts about the frozen file that every thread would otherwise have to find out again. */
export interface SqliteSnapshot extends SourceSnapshot {
  readonly identity: FileIdentity;
}

/** Tells cheaply that a file was not written to; `header` changes with every transaction of a rollback-journal database. */
export interface FileIdentity {
  /** Another file of the same name has another one. */
  readonly inode: string;
  readonly size: number;
  readonly modified: string;
  readonly header: string;
}
