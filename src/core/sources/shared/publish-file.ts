import { chmod, constants, copyFile, link, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Gives a file its name, which must be free. A link never replaces a file; where there are no links, a copy that refuses to does. The old name stays. */
export async function publishFile(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    await copyFile(partial, path, constants.COPYFILE_EXCL);
    await chmod(path, 0o600);
    await flushFile(path);
  }
  await flushFolder(dirname(path));
}

export async function flushFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name has to last as well. Some systems cannot open folders. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(String(error.code));
}
