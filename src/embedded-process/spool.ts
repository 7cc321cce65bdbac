import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that one piece of a COPY TO has at most. */
const pieceBytes = 4 << 20;

export interface SpoolReader {
  readonly bytes: number;
  /** null at the end. */
  next(): Uint8Array | null;
  /** Also deletes the file. */
  close(): void;
}

/**
 * Files on their way into and out of PGlite, in a folder that PGlite sees as /spool. COPY from and to a file needs memory for a tuple only and
 * takes half the time of /dev/blob (measured: 124 against 72 MB/s in, 160 against 55 MB/s out), which besides holds all bytes at once.
 */
export class Spool {
  readonly folder: string;
  #last = 0;

  /** Empties `folder`: what a killed process left there belongs to nobody. */
  constructor(folder: string) {
    this.folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  newName(): string {
    return `copy-${++this.#last}`;
  }

  /** Path of a file inside PGlite. */
  inside(name: string): string {
    return `/spool/${name}`;
  }

  append(name: string, chunks: readonly Uint8Array[]): void {
    const file = openSync(join(this.folder, name), 'a', 0o600);
    try {
      for (const chunk of chunks) writeWhole(file, chunk);
    } finally {
      closeSync(file);
    }
  }

  read(name: string): SpoolReader {
    const path = join(this.folder, name);
    const bytes = statSync(path).size;
    const file = openSync(path, 'r');
    let open = true;
    return {
      bytes,
      next: () => {
        const piece = Buffer.allocUnsafeSlow(pieceBytes);
        const length = readSync(file, piece);
        return length === 0 ? null : new Uint8Array(piece.buffer, 0, length);
      },
      close: () => {
        if (open) closeSync(file);
        open = false;
        this.drop(name);
      },
    };
  }

  drop(name: string): void {
    rmSync(join(this.folder, name), { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function writeWhole(file: number, chunk: Uint8Array): void {
  for (let from = 0; from < chunk.length;) from += writeSync(file, chunk, from);
}
