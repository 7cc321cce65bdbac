import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Names, sizes, times, modes and hashes of everything in a folder, and time and mode of the folder itself; `except`: endings of names that are left out. */
export async function photograph(directory: string, except: readonly string[] = []): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => !except.some((ending) => name.endsWith(ending))).toSorted();
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      const { size, mtimeNs, mode, ino } = await stat(file, { bigint: true });
      const hash =
        (mode & 0o170_000n) === 0o40_000n
          ? 'folder'
          : createHash('sha256')
              .update(await readFile(file))
              .digest('hex');
      return `${name} ${size} ${mtimeNs} ${mode} ${ino} ${hash}`;
    }),
  );
  const { mtimeNs, mode } = await stat(directory, { bigint: true });
  // A name that came and went leaves no trace but in the time of its folder. Names that may come are no reason to look at it.
  return [...(except.length === 0 ? [`. ${mtimeNs} ${mode}`] : []), ...files];
}
