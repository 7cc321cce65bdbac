import { readSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';

/** All of a small file, in `space`. Throws `source-changed` when it is shorter than it was. */
export function readWhole(descriptor: number, space: Buffer, size: number, location: string): Buffer {
  let end = 0;
  while (end < size) {
    const read = readSync(descriptor, space, end, size - end, end);
    if (read === 0) throw new MigrationError('source-changed', { context: { path: location } });
    end += read;
  }
  return space.subarray(0, size);
}
