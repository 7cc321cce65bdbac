import type { FileSnapshot } from '../shared/file-snapshot.ts';
import type { StoredTable } from './graph/stored-table.ts';

/** A frozen store, translated into a database of our own: `path` and `identity` are those of that database. */
export interface JacSnapshot extends FileSnapshot {
  readonly kind: 'jac';
  /** The files of the store itself. Their fingerprint is that of the snapshot. */
  readonly files: readonly string[];
  readonly tables: readonly StoredTable[];
}
