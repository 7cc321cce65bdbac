import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MigrationError } from '../../errors.ts';
import type { RecognisedStore } from '../../model/store-summary.ts';
import { kindOf } from '../../sources/registry.ts';
import { findFiles } from '../../sources/shared/files/find-files.ts';

/** Files that are open at once. */
const filesAtOnce = 64;

/**
 * Those of `paths` (absolute) that are stores, in the same order; what is none, or cannot be read, is left out. Files in folders `name=value` are one
 * store, the folder above those, where it can be read as one; so are files that a store is kept in together.
 */
export async function recogniseStores(request: {
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
}): Promise<readonly RecognisedStore[]> {
  const { signal } = request;
  const folders = [...new Set(request.paths.flatMap((path) => partitionedFolder(path) ?? []))];
  const whole = new Map(
    (await recogniseAll(folders, folders, signal)).flatMap((store) => (store === null ? [] : [[store.path, store] as const])),
  );
  const single = request.paths.filter((path) => !whole.has(partitionedFolder(path) ?? ''));
  const alone = new Map((await recogniseAll(single, request.paths, signal)).map((store, i) => [single[i], store] as const));
  const told = new Set<string>();
  return request.paths.flatMap((path) => {
    const folder = whole.get(partitionedFolder(path) ?? '');
    if (folder === undefined) return alone.get(path) ?? [];
    if (told.has(folder.path)) return [];
    told.add(folder.path);
    return folder;
  });
}

/** The folder above the first folder `name=value` of a path; null = the file lies in none. */
function partitionedFolder(path: string): string | null {
  const [, folder] = /^(.*?)[\\/][^\\/=]+=[^\\/]*[\\/]/s.exec(path) ?? [];
  return folder === undefined || folder === '' || folder === dirname(folder) ? null : folder;
}

async function recogniseAll(
  paths: readonly string[],
  all: readonly string[],
  signal: AbortSignal,
): Promise<readonly (RecognisedStore | null)[]> {
  const found = new Array<RecognisedStore | null>(paths.length).fill(null);
  const known = new Set(all);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < paths.length; i = next++) {
      if (signal.aborted) throw new MigrationError('cancelled');
      found[i] = await recognise(paths[i] ?? '', known);
    }
  };
  await Promise.all(Array.from({ length: Math.min(filesAtOnce, paths.length) }, work));
  return found;
}

async function recognise(path: string, known: ReadonlySet<string>): Promise<RecognisedStore | null> {
  try {
    const found = await kindOf(path);
    const main = (await found.mainFile?.(path)) ?? path;
    if (main !== path && known.has(main)) return null;
    const { kind } = found;
    return { path, kind, bytes: await bytesOf(path) };
  } catch {
    return null;
  }
}

async function bytesOf(path: string): Promise<number> {
  const file = await stat(path).catch(() => null);
  if (file?.isFile() === true) return file.size;
  let bytes = 0;
  for (const one of (await findFiles(path)).files) bytes += (await stat(one)).size;
  return bytes;
}
