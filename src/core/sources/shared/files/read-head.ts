import { open } from 'node:fs/promises';
import { toFileError } from './to-file-error.ts';

/** Bytes that a store is told by. */
const headBytes = 4_096;

/** The first bytes of a file, and how many it has. Throws `no-such-file` or `unreadable-file`. */
export async function readHead(path: string): Promise<{ readonly head: Uint8Array; readonly size: number }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return { head: buffer.subarray(0, bytesRead), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toFileError(error, path);
  }
}
