import { closeSync, openSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity } from '../shared/file-identity.ts';
import type { NamedFile } from '../shared/files/file-set.ts';
import type { FrozenFile } from '../shared/files/frozen-files.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { DialectSettings } from './dialect.ts';
import { compressionOf, plainHead, wideEncoding, type Compression } from '../shared/plain/file-format.ts';
import { identityBytes } from './identity-bytes.ts';
import type { PlainCopies } from '../shared/plain/plain-copy.ts';
import { studyFile, type FileStudy } from './study-file.ts';

/** A file that was read whole once. */
export interface StudiedFile {
  readonly file: FrozenFile;
  readonly study: FileStudy;
  readonly compression: Compression;
  /** What is told of it when it cannot be read. */
  readonly location: string;
}

export interface FileFreezing {
  /** What the user called it, where he did. */
  readonly location: string;
  readonly copies: PlainCopies;
  readonly settings: DialectSettings;
  readonly signal: AbortSignal;
}

/**
 * Finds out how a file is written, what is not decided by `settings`, and reads it whole once, so that rows can be counted, split and found again.
 * A compressed or UTF-16 file is read from a private copy in UTF-8. Throws `unreadable-records`, `snapshot-failed`, `source-changed` or `cancelled`.
 */
export async function freezeFile({ name, path }: NamedFile, { location, copies, settings, signal }: FileFreezing): Promise<StudiedFile> {
  throwIfCancelled(signal);
  const rawHead = await plainHead(path, null, 4_096);
  const compression = compressionOf(rawHead);
  const head = compression === null ? rawHead : await plainHead(path, compression, 4_096);
  const wide = wideEncoding(head);
  const encoding = settings.encoding ?? wide?.encoding ?? null;
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const copy =
    compression === null && !isWide ? null : await copies.make(location, path, { compression, encoding: encoding ?? 'utf-8' }, signal);
  const read = copy?.path ?? path;
  const identity = await readIdentity(read, identityBytes);
  const study = await withFile(read, identity.size, location, (file) =>
    // The decoder of a wide encoding has taken the mark away.
    studyFile(file, { settings, signal, mark: isWide ? 0 : (wide?.mark ?? 0), found: wide?.encoding ?? null }),
  );
  const fingerprint = copy?.fingerprint ?? (await fingerprintFiles([read], signal));
  // What was surveyed is what was hashed.
  if (!sameIdentity(await readIdentity(read, identityBytes), identity))
    throw new MigrationError('source-changed', { context: { path: location } });
  return { file: { name, path, read, identity, fingerprint }, study, compression, location };
}

async function withFile<T>(
  path: string,
  size: number,
  location: string,
  work: (file: { descriptor: number; size: number; location: string }) => Promise<T>,
): Promise<T> {
  const descriptor = openSync(path, 'r');
  try {
    return await work({ descriptor, size, location });
  } finally {
    closeSync(descriptor);
  }
}
