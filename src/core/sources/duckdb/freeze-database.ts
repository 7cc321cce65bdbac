import { join } from 'node:path';
import { MigrationError } from '../../errors.ts';
import { copySettled, inCopyFolder, pendingSuffixes, requireRoom, type CompanionFiles } from '../shared/copy-settled.ts';
import { lockedHint } from '../shared/duckdb/duckdb-errors.ts';
import { openDuckDb } from '../shared/duckdb/open-duckdb.ts';
import { fingerprintFiles } from '../shared/file-fingerprint.ts';
import { readIdentity } from '../shared/file-identity.ts';
import type { FileSnapshot } from '../shared/file-snapshot.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { FreezeOptions } from '../source.ts';
import { headerBytes, logSuffix } from './database-header.ts';

export interface DuckDbSnapshot extends FileSnapshot {
  /** Folder for what does not fit into memory. */
  readonly scratch: string;
}

const companions: CompanionFiles = { suffixes: [logSuffix], pending: (path) => pendingSuffixes(path, [logSuffix]) };

/**
 * Freezes a database without leaving a trace beside it. With nothing pending it is read in place; with a write-ahead log, or while another program has
 * it open for writing, or where `copy` asks for it, a private copy in `scratch` is read instead, which holds everything that was committed. `path` is absolute and has no links.
 * Throws `store-too-new`, `corrupt-store`, `encrypted-store`, `source-locked`, `no-space`, `snapshot-failed` or `cancelled`.
 */
export async function freezeDatabase(location: string, path: string, options: FreezeOptions): Promise<DuckDbSnapshot> {
  throwIfCancelled(options.signal);
  const inPlace =
    options.copy !== 'always' && (await companions.pending(path)).length === 0 && (await opens(path, location, options.scratch));
  return inPlace ? freezeInPlace(location, path, options) : freezeCopy(location, path, options);
}

/** False while another program writes to it. */
async function opens(path: string, location: string, scratch: string): Promise<boolean> {
  try {
    await (await openDuckDb({ path, scratch, context: { path: location } })).close();
    return true;
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'source-locked') return false;
    throw error;
  }
}

async function freezeInPlace(location: string, path: string, { scratch, signal }: FreezeOptions): Promise<DuckDbSnapshot> {
  const identity = await readIdentity(path, headerBytes);
  const fingerprint = await fingerprintFiles([path], signal);
  return { ...common(location, path, scratch), size: identity.size, fingerprint, temporary: false, identity };
}

async function freezeCopy(location: string, path: string, { scratch, signal }: FreezeOptions): Promise<DuckDbSnapshot> {
  await requireRoom(path, scratch, companions);
  return inCopyFolder(path, scratch, 'duckdb-', async (folder) => {
    const copy = join(folder, 'copy.duckdb');
    const fingerprint = await copySettled(path, copy, companions, signal);
    if (fingerprint === null || !(await opens(copy, location, scratch)))
      throw new MigrationError('source-locked', { context: { path: location, hint: lockedHint } });
    const identity = await readIdentity(copy, headerBytes);
    return { ...common(location, copy, scratch), size: identity.size, fingerprint, temporary: true, identity };
  });
}

function common(
  location: string,
  path: string,
  scratch: string,
): Pick<DuckDbSnapshot, 'kind' | 'location' | 'path' | 'capabilities' | 'measured' | 'scratch'> {
  return { kind: 'duckdb', location, path, capabilities: { sql: true, ranges: true, backup: true, groups: false }, measured: {}, scratch };
}
