import { realpath, stat } from 'node:fs/promises';
import { MigrationError } from '../../errors.ts';
import type { RecognisedStore } from '../../model/store-summary.ts';
import { kindOf } from '../../sources/registry.ts';

/** Files that are open at once. */
const filesAtOnce = 64;

/** Those of `paths` (absolute) that are stores, in the same order; what is none, or cannot be read, is left out. */
export async function recogniseStores(request: {
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
}): Promise<readonly RecognisedStore[]> {
  const { paths, signal } = request;
  const found: (RecognisedStore | null)[] = new Array<RecognisedStore | null>(paths.length).fill(null);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < paths.length; i = next++) {
      if (signal.aborted) throw new MigrationError('cancelled');
      found[i] = await recognise(paths[i] ?? '');
    }
  };
  await Promise.all(Array.from({ length: Math.min(filesAtOnce, paths.length) }, work));
  return found.filter((store) => store !== null);
}

async function recognise(path: string): Promise<RecognisedStore | null> {
  try {
    const { kind } = await kindOf(path);
    return { path, kind, bytes: (await stat(await realpath(path))).size };
  } catch {
    return null;
  }
}
