import { createHash } from 'node:crypto';
import { MigrationError } from '../../../errors.ts';
import { locationText } from '../../../model/store-location.ts';
import { fingerprintFiles } from '../file-fingerprint.ts';
import { readIdentity, sameIdentity, type FileIdentity } from '../file-identity.ts';
import type { FileSet, NamedFile } from './file-set.ts';

/** A file of a frozen store. */
export interface FrozenFile extends NamedFile {
  /** The file that is read: itself, or a private copy of what it holds. */
  readonly read: string;
  /** Of the file that is read. */
  readonly identity: FileIdentity;
  /** Of the file itself. */
  readonly fingerprint: string;
}

/** One file has its own fingerprint; of several, the hash of their names and fingerprints: in a name may be a value. */
export function fingerprintSet({ single }: Pick<FileSet, 'single'>, files: readonly FrozenFile[]): string {
  const [only] = files;
  if (single && only !== undefined) return only.fingerprint;
  const hash = createHash('sha256');
  for (const { name, fingerprint } of files) hash.update(`${name}\0${fingerprint}\n`);
  return `sha256:${hash.digest('hex')}`;
}

/**
 * Throws `source-changed` when a file is no longer what was frozen, or when another one has come or gone. `list` finds the files as they are named. The
 * hash of a file is computed only when its size, time or beginning differ: one that was merely touched has not changed.
 */
export async function checkFilesUnchanged(
  { location, single }: Pick<FileSet, 'location' | 'single'>,
  files: readonly FrozenFile[],
  headerBytes: number,
  list: () => Promise<readonly NamedFile[]>,
): Promise<void> {
  const changed = (cause?: unknown): MigrationError =>
    new MigrationError('source-changed', { context: { path: locationText(location) }, cause });
  try {
    if (!single) {
      const now = await list();
      if (now.length !== files.length || now.some(({ path }, i) => path !== files[i]?.path)) throw changed();
    }
    for (const { path, read, identity, fingerprint } of files) {
      if (sameIdentity(await readIdentity(read, headerBytes), identity)) continue;
      if (read !== path || (await fingerprintFiles([path])) !== fingerprint) throw changed();
    }
  } catch (error) {
    throw error instanceof MigrationError && error.code === 'source-changed' ? error : changed(error);
  }
}
