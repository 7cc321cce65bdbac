import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { MigrationError } from '../../../errors.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export type Compression = 'gzip' | 'zstd' | null;

/** Told from the first bytes. */
export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd ? 'zstd' : null;
}

/** The bytes of a file as it was before it was compressed; `onRaw` sees them as they lie on the disk. */
export function plainStream(path: string, compression: Compression, onRaw: (piece: Uint8Array) => void = () => undefined): Readable {
  const raw = watch(createReadStream(path, { highWaterMark: 1 << 18 }), onRaw);
  if (compression === null) return Readable.from(raw);
  // Errors and an early end reach both; whoever reads the stream hears of them there.
  return pipeline(raw, decompressor(path, compression), () => undefined);
}

function decompressor(path: string, compression: 'gzip' | 'zstd'): Transform {
  if (compression === 'gzip') return zlib.createGunzip();
  // Not there before Node 22.15.
  const { createZstdDecompress } = zlib as Partial<typeof zlib>;
  if (createZstdDecompress !== undefined) return createZstdDecompress();
  throw new MigrationError('unreadable-records', { context: { path, detail: 'this version of Node cannot read zstd, Node 22.15 can' } });
}

async function* watch(raw: AsyncIterable<unknown>, onRaw: (piece: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of raw) {
    onRaw(piece as Uint8Array);
    yield piece as Uint8Array;
  }
}

/** The first bytes of a file as it was before it was compressed, at most `most`; what there is where the rest is damaged. */
export async function plainHead(path: string, compression: Compression, most: number): Promise<Buffer> {
  const stream = plainStream(path, compression);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of stream) {
      pieces.push(piece as Buffer);
      length += (piece as Buffer).length;
      if (length >= most) break;
    }
  } catch {
    // A damaged archive is named when it is read as a whole.
  } finally {
    stream.destroy();
  }
  return Buffer.concat(pieces).subarray(0, most);
}

/** Bytes that a gzip file holds at least: its last part tells its length, less multiples of 4 GB. */
export async function gzipLength(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return bytesRead === 4 ? buffer.readUInt32LE(0) : 0;
  } finally {
    await file.close();
  }
}

/** Encoding and length of a byte order mark, or an encoding of two bytes a character that has none; null = some encoding with ASCII in it. */
export function wideEncoding(head: Uint8Array): { readonly encoding: TextEncoding; readonly mark: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  const nulls = [0, 0];
  const looked = Math.min(head.length & ~1, 1_024);
  for (let at = 0; at < looked; at++) if (head[at] === 0) nulls[at & 1]!++;
  const most = looked / 2;
  if (most >= 4 && nulls[0] === 0 && nulls[1]! > most * 0.7) return { encoding: 'utf-16le', mark: 0 };
  if (most >= 4 && nulls[1] === 0 && nulls[0]! > most * 0.7) return { encoding: 'utf-16be', mark: 0 };
  return null;
}
