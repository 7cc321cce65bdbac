import { chmod, constants, copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError, toMigrationError } from '../../errors.ts';
import { fingerprintFiles } from './file-fingerprint.ts';
import { freeBytes } from './free-bytes.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** What belongs to a store beside its file. */
export interface CompanionFiles {
  /** Every suffix that such a file may have. */
  readonly suffixes: readonly string[];
  /** Suffixes of those that hold changes which the file does not have yet. */
  pending(path: string): Promise<readonly string[]>;
}

const attempts = 3;

/** The suffixes of companions that are there and not empty. */
export async function pendingSuffixes(path: string, suffixes: readonly string[]): Promise<readonly string[]> {
  const pending = [];
  for (const suffix of suffixes) {
    const found = await stat(path + suffix).catch(() => null);
    if (found !== null && found.isFile() && found.size > 0) pending.push(suffix);
  }
  return pending;
}

/** Told before anything is copied: a full disk for temporary files troubles everybody. Throws `no-space`. */
export async function requireRoom(original: string, scratch: string, companions: CompanionFiles): Promise<void> {
  const files = ['', ...(await companions.pending(original))].map((suffix) => stat(original + suffix).catch(() => null));
  const needed = (await Promise.all(files)).reduce((sum, file) => sum + (file?.size ?? 0), 0);
  const free = await freeBytes(scratch);
  if (free !== null && free < needed)
    throw new MigrationError('no-space', { context: { what: `The private copy of ${original}`, path: scratch, needed, free } });
}

/**
 * Copies a store and what is pending beside it, closed to other users, until a copy is one state that really was. Gives its fingerprint; null: the files
 * moved under the copy each time. Throws `snapshot-failed` or `cancelled`.
 */
export async function copySettled(original: string, path: string, companions: CompanionFiles, signal: AbortSignal): Promise<string | null> {
  const suffixed = (suffix: string): FileCopy => ({ from: original + suffix, to: path + suffix });
  const found = await copyFilesSettled(original, {
    files: async () => ['', ...(await companions.pending(original))].map(suffixed),
    clear: async () => {
      for (const suffix of ['', ...companions.suffixes]) await rm(path + suffix, { force: true });
    },
    signal,
  });
  return found?.fingerprint ?? null;
}

/** A file of a store and where its copy goes. */
export interface FileCopy {
  readonly from: string;
  readonly to: string;
}

export interface FilesToCopy {
  /** Those that are there now, the store itself first. */
  readonly files: () => Promise<readonly FileCopy[]>;
  /** Makes room for the copies, also where others were. */
  readonly clear: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** As `copySettled`, of any files; `files` are those of the state that was copied. */
export async function copyFilesSettled(
  original: string,
  work: FilesToCopy,
): Promise<{ readonly fingerprint: string; readonly files: readonly FileCopy[] } | null> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    throwIfCancelled(work.signal);
    const found = await copyOnce(original, work);
    if (found !== null) return found;
  }
  return null;
}

/** The bytes of copy and original are compared afterwards: each was the same at two moments, so the copy is one state that really was. */
async function copyOnce(original: string, { files: list, clear, signal }: FilesToCopy): ReturnType<typeof copyFilesSettled> {
  const files = await list();
  const hash = (side: keyof FileCopy): Promise<string> =>
    fingerprintFiles(
      files.map((file) => file[side]),
      signal,
    );
  await clear();
  try {
    for (const { from, to } of files) {
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      await chmod(to, 0o600);
    }
    const fingerprint = await hash('to');
    const now = (await list()).map(({ from }) => from);
    const isSettled = now.join('\0') === files.map(({ from }) => from).join('\0') && fingerprint === (await hash('from'));
    return isSettled ? { fingerprint, files } : null;
  } catch (error) {
    throwIfCancelled(signal);
    if (isMissing(error) && files.length > 1) return null;
    throw snapshotFailed(original, error);
  }
}

/** Fills a new folder below `scratch` with a copy of `original`; it is gone again when that fails. Throws `snapshot-failed` and what `fill` throws. */
export async function inCopyFolder<T>(original: string, scratch: string, prefix: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(scratch, prefix)).catch((cause: unknown) => {
    throw snapshotFailed(original, cause);
  });
  try {
    return await fill(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

export function snapshotFailed(original: string, cause: unknown): MigrationError {
  return new MigrationError('snapshot-failed', {
    context: { path: original, detail: toMigrationError(cause).context.detail ?? String(cause) },
    cause,
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
