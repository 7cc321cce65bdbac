import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** `sha256:` and the hash of the files' bytes, one after the other. */
export async function fingerprintFiles(paths: readonly string[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) }))
      hash.update(piece as Uint8Array);
  }
  return `sha256:${hash.digest('hex')}`;
}
