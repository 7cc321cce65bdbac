import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Another process of this machine has the file at `path` open for writing, as far as this user may know: Linux lists the open files of each process
 * (proc(5)), other systems do not tell. Programs of other users, of another machine or in a container may go unseen.
 */
export async function isOpenForWriting(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const wanted = await stat(path, { bigint: true });
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const found = await Promise.all(processes.map((id) => hasOpen(id, basename(path), wanted)));
  return found.includes(true);
}

interface File {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** The name is asked first, because asking each file for its inode would take long. A process or a file that goes away meanwhile is not it. */
async function hasOpen(id: string, name: string, wanted: File): Promise<boolean> {
  const folder = `/proc/${id}/fd`;
  for (const entry of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${entry}`).catch(() => '');
    if (basename(target) !== name) continue;
    const file = await stat(`${folder}/${entry}`, { bigint: true }).catch(() => null);
    if (file === null || file.dev !== wanted.dev || file.ino !== wanted.ino) continue;
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(await readFile(`/proc/${id}/fdinfo/${entry}`, 'latin1').catch(() => '')) ?? [];
    // O_WRONLY is 1 and O_RDWR is 2.
    if (flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0) return true;
  }
  return false;
}
