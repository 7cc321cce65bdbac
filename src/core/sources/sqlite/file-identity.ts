import { open } from 'node:fs/promises';
import { headerBytes } from './database-header.ts';
import type { FileIdentity } from './sqlite-snapshot.ts';

/** Inode, size, time of the last change and SQLite's header of the file at `path`. */
export async function readIdentity(path: string): Promise<FileIdentity> {
  const file = await open(path, 'r');
  try {
    const { ino, size, mtimeNs } = await file.stat({ bigint: true });
    const header = Buffer.alloc(headerBytes);
    const { bytesRead } = await file.read(header, 0, headerBytes, 0);
    return { inode: String(ino), size: Number(size), modified: String(mtimeNs), header: header.toString('hex', 0, bytesRead) };
  } finally {
    await file.close();
  }
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return a.inode === b.inode && a.size === b.size && a.modified === b.modified && a.header === b.header;
}
