import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** `sha256:` and the hash of the files' bytes, one after the other. Throws `cancelled`, and what the system says of a file. */
export async function fingerprintFiles(paths: readonly string[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for (const path of paths) {
      // A buffer of a megabyte for each of thousands of small files would be most of the work.
      const highWaterMark = Math.min(1 << 20, Math.max((await stat(path)).size, 1 << 12));
      for await (const piece of createReadStream(path, { highWaterMark, ...(signal && { signal }) })) hash.update(piece as Uint8Array);
    }
  } catch (error) {
    if (signal !== undefined) throwIfCancelled(signal);
    throw error;
  }
  return `sha256:${hash.digest('hex')}`;
}
