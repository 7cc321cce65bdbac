import { backUpFiles, filesOfSet } from '../shared/back-up-files.ts';
import { checkFilesUnchanged } from '../shared/files/frozen-files.ts';
import { fileSetOf } from '../shared/files/file-set.ts';
import type { SourceKind } from '../source.ts';
import { delimitedFiles } from './delimited-files.ts';
import { DelimitedSource } from './delimited-source.ts';
import type { DelimitedSnapshot } from './delimited-snapshot.ts';
import { freezeFiles } from './freeze-files.ts';
import { identityBytes } from './identity-bytes.ts';
import { looksDelimited } from './looks-delimited.ts';

/** Text files with one record a line and a character between two fields, compressed or not. */
export const delimitedSourceKind: SourceKind = {
  kind: 'delimited',
  accepts: looksDelimited,
  freeze: freezeFiles,
  freezeFiles,
  attach: async (snapshot) => new DelimitedSource(snapshot as DelimitedSnapshot),
  checkUnchanged: async (snapshot) => {
    const { set, files } = snapshot as DelimitedSnapshot;
    await checkFilesUnchanged(set, files, identityBytes, async () => (await fileSetOf(set.location, delimitedFiles)).files);
  },
  backUp: (snapshot, path, signal) => backUpFiles(snapshot, filesOfSet(snapshot as DelimitedSnapshot), path, signal),
};
