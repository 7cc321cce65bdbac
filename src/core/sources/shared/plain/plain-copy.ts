import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError } from '../../../errors.ts';
import { snapshotFailed } from '../copy-settled.ts';
import { freeBytes } from '../free-bytes.ts';
import { throwIfCancelled } from '../throw-if-cancelled.ts';
import { gzipLength, plainStream, type Compression, type TextEncoding } from './file-format.ts';

export interface PlainCopy {
  readonly path: string;
  /** Of the original's bytes. */
  readonly fingerprint: string;
}

export interface TextFormat {
  readonly compression: Compression;
  readonly encoding: TextEncoding;
}

/** Bytes that are written between two looks at the disk, and that are left free for everybody else. */
const bytesBetween = 2 ** 24;
const bytesToSpare = 2 ** 26;

/** Private copies of a store's files in a folder of their own, closed to other users, which is there when the first is made. */
export class PlainCopies {
  readonly #location: string;
  readonly #scratch: string;
  #folder: string | null = null;
  #made = 0;

  constructor(location: string, scratch: string) {
    this.#location = location;
    this.#scratch = scratch;
  }

  /** Path of the first copy; null = there is none. */
  get first(): string | null {
    return this.#folder === null ? null : join(this.#folder, '0.txt');
  }

  /**
   * Writes what a compressed or UTF-16 file holds as UTF-8: only there are places that a reader can go back to. Throws `unreadable-records`,
   * `snapshot-failed`, `no-space` before the disk is full, or `cancelled`.
   */
  async make(location: string, path: string, format: TextFormat, signal: AbortSignal): Promise<PlainCopy> {
    this.#folder ??= await mkdtemp(join(this.#scratch, 'plain-')).catch((cause: unknown) => {
      throw snapshotFailed(this.#location, cause);
    });
    const copy = join(this.#folder, `${this.#made++}.txt`);
    await this.#requireRoom(location, Math.max((await stat(path)).size, format.compression === 'gzip' ? await gzipLength(path) : 0));
    const hash = createHash('sha256');
    const file = await open(copy, 'wx', 0o600);
    let written = 0;
    let nextLook = bytesBetween;
    try {
      const plain = plainStream(path, format.compression, (piece) => hash.update(piece));
      for await (const text of decoded(location, plain, format.encoding)) {
        throwIfCancelled(signal);
        written += text.length;
        if (written >= nextLook) {
          nextLook = written + bytesBetween;
          await this.#requireRoom(location, bytesBetween);
        }
        await file.appendFile(text).catch((cause: unknown) => {
          throw snapshotFailed(location, cause);
        });
      }
    } finally {
      await file.close();
    }
    return { path: copy, fingerprint: `sha256:${hash.digest('hex')}` };
  }

  async remove(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }

  /** How large a text becomes is known when it is unpacked; so the disk is looked at on the way. */
  async #requireRoom(location: string, bytes: number): Promise<void> {
    const free = await freeBytes(this.#scratch);
    const needed = bytes + bytesToSpare;
    if (free !== null && free < needed)
      throw new MigrationError('no-space', { context: { what: `Unpacking ${location} (further)`, path: this.#scratch, needed, free } });
  }
}

async function* decoded(location: string, plain: AsyncIterable<unknown>, encoding: TextEncoding): AsyncGenerator<Buffer> {
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
