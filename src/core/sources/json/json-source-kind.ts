import { backUpFiles, filesOfSet } from '../shared/back-up-files.ts';
import { checkFilesUnchanged } from '../shared/files/frozen-files.ts';
import { fileSetOf } from '../shared/files/file-set.ts';
import type { SourceKind } from '../source.ts';
import { freezeFiles } from './freeze-files.ts';
import { identityBytes, jsonFiles } from './json-files.ts';
import type { JsonSnapshot } from './json-snapshot.ts';
import { JsonSource } from './json-source.ts';
import { looksJson } from './looks-json.ts';

/** Documents: files of JSON, each one document, one a line, or the elements of an array. */
export const jsonSourceKind: SourceKind = {
  kind: 'json',
  byPlan: true,
  accepts: async (path, head) => looksJson(path, head),
  freeze: freezeFiles,
  freezeFiles,
  attach: async (snapshot) => new JsonSource(snapshot as JsonSnapshot),
  checkUnchanged: async (snapshot) => {
    const { set, files } = snapshot as JsonSnapshot;
    await checkFilesUnchanged(set, files, identityBytes, async () => (await fileSetOf(set.location, jsonFiles)).files);
  },
  backUp: (snapshot, path, signal) => backUpFiles(snapshot, filesOfSet(snapshot as JsonSnapshot), path, signal),
};
