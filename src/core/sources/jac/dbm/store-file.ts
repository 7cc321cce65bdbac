import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MigrationError } from '../../../errors.ts';
import { toFileError } from '../../shared/files/to-file-error.ts';
import { recordLimits } from '../pickle/pickle-limits.ts';
import { RecordFault } from '../record-fault.ts';

/** A file that is read piece by piece wherever its records lie: nothing of it is kept. */
export class StoreFile {
  readonly path: string;
  readonly size: number;
  readonly #descriptor: number;
  #valueBytes = 0;

  /** Throws `no-such-file` or `unreadable-file`. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(path, 'r');
      this.size = fstatSync(this.#descriptor).size;
    } catch (error) {
      throw toFileError(error, path);
    }
  }

  holds(offset: number, length: number): boolean {
    return Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= this.size;
  }

  /** Bytes within the file. Throws `source-changed` where they have gone since it was opened, `corrupt-store` where they never were. */
  read(offset: number, length: number): Buffer {
    if (!this.holds(offset, length)) throw corrupt(this.path, `it points to byte ${offset}, behind its end`);
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const more = this.#readInto(bytes, done, offset + done);
      if (more === 0) throw new MigrationError('source-changed', { context: { path: this.path } });
      done += more;
    }
    return bytes;
  }

  /**
   * Bytes of a value. In a sound file no two values share a byte; a file that says so could make its reader go over the same bytes without end. Throws
   * `corrupt-store` when all that was read as values is more than the file, RecordFault where the value is not in it or beyond the limit.
   */
  readValue(offset: number, length: number): Buffer {
    if (!this.holds(offset, length)) throw new RecordFault('it lies behind the end of the file');
    if (length > recordLimits.bytes) throw new RecordFault(`it has ${length} bytes, more than ${recordLimits.bytes}`);
    this.#valueBytes += length;
    if (this.#valueBytes > this.size) throw corrupt(this.path, 'its records lie over each other');
    return this.read(offset, length);
  }

  /** Throws `unreadable-file`. */
  #readInto(bytes: Buffer, at: number, position: number): number {
    try {
      return readSync(this.#descriptor, bytes, at, bytes.length - at, position);
    } catch (error) {
      throw toFileError(error, this.path);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The whole store cannot be read. `detail`: part of a sentence. */
export function corrupt(path: string, detail: string): MigrationError {
  const hint = 'Restore it from a backup, or let the Jac program write a new one; the file was not changed.';
  return new MigrationError('corrupt-store', { context: { path, detail, hint } });
}
