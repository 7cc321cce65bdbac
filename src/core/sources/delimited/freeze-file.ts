import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { MigrationError } from '../../errors.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity } from '../shared/file-identity.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { FreezeOptions } from '../source.ts';
import type { DelimitedSnapshot } from './delimited-snapshot.ts';
import { readSettings } from './dialect.ts';
import { compressionOf, plainHead, wideEncoding } from './file-format.ts';
import { identityBytes } from './identity-bytes.ts';
import { makePlainCopy } from './plain-copy.ts';
import { studyFile } from './study-file.ts';

/**
 * Freezes a file of delimited text: finds out how it is written, what is not decided by `settings`, and reads it whole once, so that rows can be
 * counted, split and found again. A compressed or UTF-16 file is read from a private copy in UTF-8. `path` is absolute and has no links.
 * Throws `invalid-source-setting`, `unreadable-records`, `snapshot-failed`, `source-changed` or `cancelled`.
 */
export async function freezeFile(location: string, path: string, options: FreezeOptions): Promise<DelimitedSnapshot> {
  const { signal } = options;
  throwIfCancelled(signal);
  const settings = readSettings(options.settings ?? {}, location);
  const rawHead = await plainHead(path, null, 4_096);
  const compression = compressionOf(rawHead);
  const head = compression === null ? rawHead : await plainHead(path, compression, 4_096);
  const wide = wideEncoding(head);
  const encoding = settings.encoding ?? wide?.encoding ?? null;
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const copy =
    compression === null && !isWide ? null : await makePlainCopy(location, path, { compression, encoding: encoding ?? 'utf-8' }, options);
  const read = copy?.path ?? path;
  try {
    const identity = await readIdentity(read, identityBytes);
    const study = await withFile(read, identity.size, location, (file) =>
      // The decoder of a wide encoding has taken the mark away.
      studyFile(file, { settings, signal, mark: isWide ? 0 : (wide?.mark ?? 0), found: wide?.encoding ?? null }),
    );
    const { dialect, columns, survey, notes } = study;
    const table = tableName(location);
    const fingerprint = copy?.fingerprint ?? (await fingerprintFiles([read], signal));
    // What was surveyed is what was hashed.
    if (!sameIdentity(await readIdentity(read, identityBytes), identity))
      throw new MigrationError('source-changed', { context: { path: location } });
    return {
      kind: 'delimited',
      location,
      path: read,
      fingerprint,
      temporary: copy !== null,
      capabilities: { sql: false, ranges: true, backup: true },
      size: identity.size,
      measured: { [table]: { bytes: identity.size, largestRow: survey.largestRow } },
      settings: { ...dialect },
      identity,
      dialect,
      table,
      columns,
      rows: survey.rows,
      marks: survey.marks,
      notes:
        compression === null ? notes : [`The file is compressed (${compression}); places of rows count bytes of what it holds.`, ...notes],
    };
  } catch (error) {
    if (copy !== null) await rm(dirname(copy.path), { recursive: true, force: true });
    throw error;
  }
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

/** `data/orders.csv.gz` holds the table `orders`. */
function tableName(location: string): string {
  const file = basename(location).replace(/\.(?:gz|zst|zstd)$/i, '');
  return file.replace(/\.[^.]+$/, '') || file;
}
