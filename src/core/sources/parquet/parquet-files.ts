import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const magic = Buffer.from('PAR1', 'latin1');
const encryptedMagic = Buffer.from('PARE', 'latin1');

/** Of each file's beginning; a file that is written anew differs in its size or time. */
export const identityBytes = 64;

/** A file, or one whose footer is encrypted. */
export function isParquetHead(head: Uint8Array): boolean {
  const first = Buffer.from(head.subarray(0, magic.length));
  return magic.equals(first) || encryptedMagic.equals(first);
}

/** How a file ends: whole, encrypted, or cut off. */
export async function readTail(path: string): Promise<'whole' | 'encrypted' | 'cut'> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, Math.max(0, size - magic.length));
    const last = buffer.subarray(0, bytesRead);
    if (size < 3 * magic.length) return 'cut';
    return magic.equals(last) ? 'whole' : encryptedMagic.equals(last) ? 'encrypted' : 'cut';
  } finally {
    await file.close();
  }
}

/** Every Parquet file below a folder, in the order of their paths. Names that begin with a dot or an underscore are what writers leave beside them. */
export async function parquetFilesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (/^[._]/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await parquetFilesIn(path)));
    else if (entry.isFile() && (await beginsAsParquet(path))) files.push(path);
  }
  return files.sort();
}

async function beginsAsParquet(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return isParquetHead(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
