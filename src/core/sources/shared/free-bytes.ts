import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Free bytes of the disk that `folder` is on, or will be; null when the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  const found = await statfs(nearestFolder(folder)).catch(() => null);
  return found === null ? null : found.bavail * found.bsize;
}

/** `folder` itself, or the nearest one above that is there. */
export function nearestFolder(folder: string): string {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return there;
}
