import { backUpFiles } from '../shared/back-up-files.ts';
import type { SourceKind } from '../source.ts';
import { checkUnchanged } from './check-unchanged.ts';
import { freezeFiles } from './freeze-files.ts';
import { filesIn, type JsonSnapshot } from './json-snapshot.ts';
import { JsonSource } from './json-source.ts';
import { holdsJson } from './looks-json.ts';

/** Documents: files of JSON, each one document, one a line, or the elements of an array. */
export const jsonSourceKind: SourceKind = {
  kind: 'json',
  byPlan: true,
  accepts: holdsJson,
  freeze: freezeFiles,
  freezeFiles,
  attach: async (snapshot) => new JsonSource(snapshot as JsonSnapshot),
  checkUnchanged: (snapshot, signal) => checkUnchanged(snapshot as JsonSnapshot, signal),
  backUp: (snapshot, path, signal) => backUpFiles(snapshot, storeFiles(snapshot as JsonSnapshot), path, signal),
};

function storeFiles(snapshot: JsonSnapshot): Parameters<typeof backUpFiles>[1] {
  const { single } = snapshot.set;
  const files = filesIn(snapshot);
  const numbers = Array.from({ length: files.length }, (_, number) => number);
  return {
    folder: !single,
    files: numbers.map((number) => ({ path: files.pathAt(number), place: single ? '' : files.nameAt(number) })),
    fingerprints: numbers.map((number) => files.fingerprintAt(number)),
  };
}
