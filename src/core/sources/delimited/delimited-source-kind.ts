import { realpath } from 'node:fs/promises';
import { MigrationError } from '../../errors.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity } from '../shared/file-identity.ts';
import type { SourceKind } from '../source.ts';
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
  checkUnchanged: (snapshot) => checkUnchanged(snapshot as DelimitedSnapshot),
};

/** The hash is computed only when size or time differ: a file that was merely touched has not changed. */
async function checkUnchanged(snapshot: DelimitedSnapshot): Promise<void> {
  const changed = (cause?: unknown): MigrationError =>
    new MigrationError('source-changed', { context: { path: snapshot.location }, cause });
  const identity = await readIdentity(snapshot.path, identityBytes).catch((error: unknown) => {
    throw changed(error);
  });
  if (sameIdentity(identity, snapshot.identity)) return;
  if (snapshot.temporary || (await fingerprintFiles([snapshot.path])) !== snapshot.fingerprint) throw changed();
}
