import { realpath } from 'node:fs/promises';
import { backUpFiles, type StoreFiles } from '../shared/back-up-files.ts';
import { checkFileUnchanged } from '../shared/file-snapshot.ts';
import type { SourceKind, SourceSnapshot } from '../source.ts';
import { DelimitedSource } from './delimited-source.ts';
import type { DelimitedSnapshot } from './delimited-snapshot.ts';
import { freezeFile } from './freeze-file.ts';
import { identityBytes } from './identity-bytes.ts';
import { looksDelimited } from './looks-delimited.ts';

/** Text files with one record a line and a character between two fields, compressed or not. */
export const delimitedSourceKind: SourceKind = {
  kind: 'delimited',
  accepts: looksDelimited,
  freeze: async (path, options) => freezeFile(path, await realpath(path), options),
  attach: async (snapshot) => new DelimitedSource(snapshot as DelimitedSnapshot),
  checkUnchanged: (snapshot) => checkFileUnchanged(snapshot as DelimitedSnapshot, identityBytes),
  backUp: async (snapshot, path, signal) => backUpFiles(snapshot, await originalOf(snapshot), path, signal),
};

/** The file as it was named, compressed or not, and not the copy that it may be read from. */
async function originalOf({ location, fingerprint }: SourceSnapshot): Promise<StoreFiles> {
  return { folder: false, paths: [await realpath(location)], placeOf: () => '', fingerprint };
}
