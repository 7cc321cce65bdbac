import type { CatalogTable } from '../../model/catalog.ts';
import type { FileSet } from '../shared/files/file-set.ts';
import type { SourceSnapshot } from '../source.ts';
import { DocumentFiles, type PackedFiles } from './document-files.ts';
import { parsePattern } from './path-pattern.ts';

/** Everything that the whole files had to be read for. */
export interface JsonSnapshot extends SourceSnapshot {
  readonly set: Pick<FileSet, 'location' | 'single' | 'root'>;
  /** Of a store that is one file. */
  readonly only: { readonly location: string; readonly path: string } | null;
  readonly packed: PackedFiles;
  /** Text of the pattern that names parts of paths. */
  readonly pattern: string | null;
  /** As they are proposed; a plan may name others. */
  readonly tables: readonly CatalogTable[];
}

/** The files of a frozen store. */
export function filesIn({ packed, set: { root }, only, pattern }: JsonSnapshot): DocumentFiles {
  return new DocumentFiles(packed, { root, only, pattern: pattern === null ? null : parsePattern(pattern) });
}
