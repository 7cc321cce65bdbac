import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError } from '../../errors.ts';
import { inCopyFolder, snapshotFailed } from '../shared/copy-settled.ts';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { Dialect } from './dialect.ts';
import { plainStream, type Compression } from './file-format.ts';

export interface PlainCopy {
  /** In a folder of its own. */
  readonly path: string;
  /** Of the original's bytes. */
  readonly fingerprint: string;
}

/**
 * Writes what a compressed or UTF-16 file holds as UTF-8 into a folder of its own below `scratch`, both closed to other users: only there are
 * places that a reader can go back to. Throws `unreadable-records`, `snapshot-failed` or `cancelled`.
 */
export async function makePlainCopy(
  location: string,
  path: string,
  format: { readonly compression: Compression; readonly encoding: Dialect['encoding'] },
  { scratch, signal }: { readonly scratch: string; readonly signal: AbortSignal },
): Promise<PlainCopy> {
  return inCopyFolder(location, scratch, 'delimited-', async (folder) => {
    const copy = join(folder, 'plain.txt');
    const hash = createHash('sha256');
    const file = await open(copy, 'wx', 0o600);
    try {
      for await (const text of decoded(
        location,
        plainStream(path, format.compression, (piece) => hash.update(piece)),
        format.encoding,
      )) {
        throwIfCancelled(signal);
        await file.appendFile(text).catch((cause: unknown) => {
          throw snapshotFailed(location, cause);
        });
      }
    } finally {
      await file.close();
    }
    return { path: copy, fingerprint: `sha256:${hash.digest('hex')}` };
  });
}

async function* decoded(location: string, plain: AsyncIterable<unknown>, encoding: Dialect['encoding']): AsyncGenerator<Buffer> {
  const decoder = encoding.startsWith('utf-16') ? new TextDecoder(encoding, { fatal: true }) : null;
  try {
    for await (const piece of plain) {
      const bytes = piece as Buffer;
      const text = decoder === null ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
      if (text.length > 0) yield text;
    }
    decoder?.decode();
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    const wrong = error instanceof TypeError ? `it is not valid ${encoding.toUpperCase()}` : (error as Error).message;
    throw new MigrationError('unreadable-records', { context: { path: location, detail: wrong }, cause: error });
  }
}
