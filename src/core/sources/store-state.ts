import { stat } from 'node:fs/promises';
import { findFiles } from './shared/files/find-files.ts';

/** Inode, size and time of a store's files, in a few words that differ when one of them was written to, has come or has gone. */
export async function storeState(location: string): Promise<string> {
  const found = await stat(location).catch(() => null);
  const paths =
    found === null || found.isDirectory()
      ? await findFiles(location).then(
          ({ files }) => files,
          () => [],
        )
      : ['', '-wal', '-journal'].map((suffix) => location + suffix);
  const states: string[] = [];
  for (const path of paths) {
    const file = await stat(path, { bigint: true }).catch(() => null);
    states.push(file === null ? 'none' : `${file.ino}/${file.size}/${file.mtimeNs}`);
  }
  return states.join(' ');
}
