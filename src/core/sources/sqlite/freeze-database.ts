import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MigrationError } from '../../errors.ts';
import type { FreezeOptions } from '../source.ts';
import { isOpenForWriting } from '../shared/open-for-writing.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import { openForReading } from '../shared/sqlite/connection.ts';
import { headerBytes, parseHeader } from './database-header.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity, sameIdentity, type FileIdentity } from '../shared/file-identity.ts';
import type { FileSnapshot } from '../shared/file-snapshot.ts';
import { pendingFiles } from './pending-files.ts';
import { makePrivateCopy } from './private-copy.ts';
import { namingErrors } from '../shared/sqlite/sqlite-errors.ts';

/**
 * Freezes a database without leaving a trace beside it. In rollback-journal mode with nothing pending it is read in place (no file appears,
 * a change is seen by `checkUnchanged`), unless `copy` asks for more; otherwise opening it would create or change files, so a private copy in `scratch`
 * is read instead.
 * `path` is absolute and has no links. Throws `truncated-store`, `corrupt-store`, `encrypted-store`, `source-locked` or `snapshot-failed`.
 */
export async function freezeDatabase(
  location: string,
  path: string,
  { scratch, copy: rule = 'where-in-use', signal }: FreezeOptions,
): Promise<FileSnapshot> {
  throwIfCancelled(signal);
  const identity = await readIdentity(path, headerBytes);
  requireHeader(identity, location);
  const inPlace = rule !== 'always' && (await readableInPlace(path, identity));
  if (inPlace && !(rule === 'where-in-use' && (await isOpenForWriting(path)))) {
    const frozen = await freezeInPlace(location, path, identity, signal);
    // Somebody wrote meanwhile, and will again.
    if (rule === 'where-needed' || sameIdentity(await readIdentity(path, headerBytes), identity)) return frozen;
  }
  return freezeCopy(location, path, scratch, signal);
}

async function freezeInPlace(location: string, path: string, identity: FileIdentity, signal: AbortSignal): Promise<FileSnapshot> {
  requireWhole(identity, location);
  const measured = measureTables(path, location);
  const fingerprint = await fingerprintFiles([path], signal);
  return { ...common(location, path, identity.size, measured), fingerprint, temporary: false, identity };
}

async function freezeCopy(location: string, path: string, scratch: string, signal: AbortSignal): Promise<FileSnapshot> {
  const copy = await makePrivateCopy(path, scratch, signal);
  try {
    const copied = await readIdentity(copy.path, headerBytes);
    requireWhole(copied, location);
    return {
      ...common(location, copy.path, copied.size, measureTables(copy.path, location)),
      fingerprint: copy.fingerprint,
      temporary: true,
      identity: copied,
    };
  } catch (error) {
    await rm(dirname(copy.path), { recursive: true, force: true });
    throw error;
  }
}

function common(
  location: string,
  path: string,
  size: number,
  measured: FileSnapshot['measured'],
): Pick<FileSnapshot, 'kind' | 'location' | 'path' | 'capabilities' | 'size' | 'measured'> {
  return { kind: 'sqlite', location, path, capabilities: { sql: true, ranges: true, backup: true, groups: false }, size, measured };
}

async function readableInPlace(path: string, identity: FileIdentity): Promise<boolean> {
  const header = parseHeader(Buffer.from(identity.header, 'hex'));
  // The driver trims names, so a file whose name ends in a space cannot be opened under it.
  return !header.wal && path === path.trim() && (await pendingFiles(path)).length === 0;
}

function requireHeader(identity: FileIdentity, path: string): void {
  if (identity.header.length < headerBytes * 2)
    throw new MigrationError('truncated-store', { context: { path, expected: 512, actual: identity.size } });
}

function requireWhole(identity: FileIdentity, path: string): void {
  const { bytes } = parseHeader(Buffer.from(identity.header, 'hex'));
  if (bytes !== null && bytes > identity.size)
    throw new MigrationError('truncated-store', { context: { path, expected: bytes, actual: identity.size } });
}

/** Walks every page once: finds how large the rows of each table are, and damaged pages before anything is created in the target. */
function measureTables(path: string, location: string): FileSnapshot['measured'] {
  const connection = openForReading(path);
  try {
    return namingErrors({ path: location }, () => {
      const rows = connection.prepare(pageFacts).raw().all() as [name: string, largest: bigint, bytes: bigint, damaged: bigint][];
      const damaged = rows.find(([, , , pages]) => pages > 0n);
      if (damaged !== undefined)
        throw new MigrationError('corrupt-store', {
          context: { path: location, detail: `${damaged[3]} unreadable pages in ${damaged[0]}` },
        });
      return Object.fromEntries(rows.map(([name, largest, bytes]) => [name, { bytes: Number(bytes), largestRow: Number(largest) }]));
    });
  } finally {
    connection.close();
  }
}

/** https://sqlite.org/dbstat.html */
const pageFacts = `SELECT name, max(mx_payload), sum(payload), sum(pagetype = 'corrupted') FROM dbstat GROUP BY name`;
