import type { FrozenFile } from '../shared/files/frozen-files.ts';
import type { SourceSnapshot } from '../source.ts';
import type { StoredTable } from './graph/stored-table.ts';

/** A frozen store, translated into a database of our own, which is what `path` names. */
export interface JacSnapshot extends SourceSnapshot {
  readonly kind: 'jac';
  /** The files of the store itself, as they were frozen. */
  readonly files: readonly FrozenFile[];
  /** Suffixes behind the name of the first file, for a copy of the store. */
  readonly places: readonly string[];
  readonly tables: readonly StoredTable[];
}
