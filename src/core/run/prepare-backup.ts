import { existsSync } from 'node:fs';
import { access, constants, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { BackupNote } from '../model/run.ts';
import { freeBytes, nearestFolder } from '../sources/shared/free-bytes.ts';
import type { SourceSnapshot } from '../sources/source.ts';
import type { FrozenSources } from './frozen-sources.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Makes the backups; each is whole, on the disk and compared before the next is begun. */
type MakeBackups = (pool: WorkerPool, signal: AbortSignal) => Promise<readonly BackupNote[]>;

/**
 * Checks that every source can be backed up into `directory` (absolute; made with the first backup) and says how. Nothing is written yet.
 * Throws `backup-unsupported`, `backup-beside-source`, `backup-failed` or `no-space`.
 */
export async function prepareBackup(directory: string, sources: FrozenSources, deps: EngineDeps): Promise<MakeBackups> {
  const snapshots = [...sources].map(([source, { snapshot }]) => ({ source, snapshot }));
  for (const { snapshot } of snapshots) await checkPlace(directory, snapshot);
  await checkRoom(
    directory,
    snapshots.map(({ snapshot }) => snapshot),
  );
  return async (pool, signal) => {
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch((cause: unknown) => failed(directory, snapshots[0]?.snapshot, cause));
    const notes: BackupNote[] = [];
    for (const { source, snapshot } of snapshots) {
      const file = freeName(directory, snapshot, deps.clock.now());
      const { path: written, bytes, sha256 } = await pool.run('backUp', { snapshot, path: file }, signal);
      notes.push({ source, path: written, bytes, sha256 });
    }
    return notes;
  };
}

/** The folder of the store stays as it is. What a folder inside of it holds is the user's choice: the name says that it is one. */
async function checkPlace(directory: string, snapshot: SourceSnapshot): Promise<void> {
  if (!snapshot.capabilities.backup)
    throw new MigrationError('backup-unsupported', { context: { path: snapshot.location, kind: snapshot.kind } });
  const there = await realpath(directory).catch(() => directory);
  const { folder, location } = snapshot;
  const inside = folder !== undefined && (await isWithin(folder.root, there));
  const home = path.dirname(folder?.root ?? (await realpath(location).catch(() => location)));
  if (inside || there === home || (folder === undefined && there === path.dirname(location)))
    throw new MigrationError('backup-beside-source', { context: { directory, path: location, inside } });
}

/** A folder of files would have the backup for a part of itself. */
async function isWithin(folder: string, directory: string): Promise<boolean> {
  const way = path.relative(folder, await realpath(nearestFolder(directory)));
  return way === '' || !(way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way));
}

async function checkRoom(directory: string, snapshots: readonly SourceSnapshot[]): Promise<void> {
  const there = nearestFolder(directory);
  await access(there, constants.W_OK | constants.X_OK).catch((cause: unknown) => failed(directory, snapshots[0], cause));
  const needed = snapshots.reduce((sum, { size }) => sum + size, 0);
  const free = await freeBytes(there);
  if (free !== null && free < needed)
    throw new MigrationError('no-space', { context: { what: 'The backup', path: directory, needed, free } });
}

/** `shop.db` → `shop-20260102T030405Z.db`, with a number where that is taken; of several files `name-20260102T030405Z`, a folder. */
function freeName(directory: string, { location, folder }: SourceSnapshot, now: number): string {
  const { name, ext } = folder === undefined ? path.parse(location) : { name: folder.name, ext: '' };
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  for (let n = 1; ; n++) {
    const file = path.join(directory, `${name}-${stamp}${n === 1 ? '' : `-${n}`}${ext}`);
    if (!existsSync(file)) return file;
  }
}

function failed(directory: string, snapshot: SourceSnapshot | undefined, cause: unknown): never {
  throw new MigrationError('backup-failed', {
    context: { path: snapshot?.location ?? '', backup: directory, detail: cause instanceof Error ? cause.message : String(cause) },
    cause,
  });
}
