import { MigrationError } from '../../errors.ts';
import type { SourceSnapshot } from '../source.ts';
import { fingerprintFiles } from './file-fingerprint.ts';
import { readIdentity, sameIdentity, type FileIdentity } from './file-identity.ts';

/** A frozen store that is one file, with facts that every thread would otherwise have to find out again. */
export interface FileSnapshot extends SourceSnapshot {
  readonly identity: FileIdentity;
}

/**
 * Throws `source-changed` when the file is no longer what was frozen. The hash is computed only when size, time or header differ: a file that was merely
 * touched has not changed. `headerBytes`: as its identity was read.
 */
export async function checkFileUnchanged(snapshot: FileSnapshot, headerBytes: number): Promise<void> {
  const changed = (cause?: unknown): MigrationError =>
    new MigrationError('source-changed', { context: { path: snapshot.location }, cause });
  const identity = await readIdentity(snapshot.path, headerBytes).catch((error: unknown) => {
    throw changed(error);
  });
  if (sameIdentity(identity, snapshot.identity)) return;
  if (snapshot.temporary || (await fingerprintFiles([snapshot.path])) !== snapshot.fingerprint) throw changed();
}
