import { open } from 'node:fs/promises';

/** Tells cheaply that a file was not written to; `header` are its first bytes, where databases count their changes. */
export interface FileIdentity {
  /** Another file of the same name has another one. */
  readonly inode: string;
  readonly size: number;
  readonly modified: string;
  readonly header: string;
}

/** Inode, size, time of the last change and the first `headerBytes` of the file at `path`. */
export async function readIdentity(path: string, headerBytes: number): Promise<FileIdentity> {
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
