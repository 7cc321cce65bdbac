import type { FileIdentity } from '../shared/file-identity.ts';
import type { SourceSnapshot } from '../source.ts';

/** Facts about the frozen file that every thread would otherwise have to find out again. */
export interface SqliteSnapshot extends SourceSnapshot {
  readonly identity: FileIdentity;
}
