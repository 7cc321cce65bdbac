import type { CatalogTable } from '../../model/catalog.ts';
import type { FileSet } from '../shared/files/file-set.ts';
import type { FrozenFile } from '../shared/files/frozen-files.ts';
import type { SourceSnapshot } from '../source.ts';
import type { Framing, Place } from './place.ts';

/** Everything that the whole files had to be read for. */
export interface JsonSnapshot extends SourceSnapshot {
  readonly set: Pick<FileSet, 'location' | 'single'>;
  readonly files: readonly FrozenFile[];
  readonly parts: readonly JsonPart[];
  /** As they are proposed; a plan may name others. */
  readonly tables: readonly CatalogTable[];
}

/** What a file is: one document, one array whose elements are documents, several values one after the other, or one document a line. */
export type FileForm = 'document' | 'array' | 'values' | 'lines';

/** A file with documents, in the order in which they are read. */
export interface JsonPart {
  /** Relative to the root, with slashes. */
  readonly name: string;
  /** Names of folders above the root, the nearest last: a plan may write them in front. */
  readonly above: readonly string[];
  /** What is told of it when it cannot be read. */
  readonly location: string;
  readonly path: string;
  readonly size: number;
  readonly framing: Framing;
  readonly form: FileForm;
  readonly documents: number;
  /** Places of documents, about evenly spread, the first one's first. */
  readonly marks: readonly Place[];
  /** Parts of the path that the pattern names. */
  readonly segments: Readonly<Record<string, string>>;
}
