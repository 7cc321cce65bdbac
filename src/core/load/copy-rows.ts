import { MigrationError } from '../errors.ts';
import { copySignature, copyTrailer } from '../tuple/copy-format.ts';
import type { TargetSession } from '../target/target.ts';
import type { Chunk } from './chunk.ts';

/** Bytes given to the server at once; between pieces the thread encodes the next chunk. */
const pieceBytes = 256 << 10;

/** COPY of encoded rows `from` (inclusive) to `to` (exclusive). */
export async function copyRows(
  session: TargetSession,
  sql: string,
  chunk: Chunk,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<void> {
  if (from === to) return;
  const copy = await session.copyIn(sql);
  await copy.write(copySignature);
  const end = chunk.offsets[to] ?? 0;
  for (let start = chunk.offsets[from] ?? 0; start < end; start += pieceBytes) {
    if (signal.aborted) {
      await copy.abort();
      throw new MigrationError('cancelled');
    }
    await copy.write(chunk.tuples.buffer.subarray(start, Math.min(start + pieceBytes, end)));
  }
  await copy.write(copyTrailer);
  const rows = await copy.end();
  if (rows !== to - from) throw new MigrationError('row-count-differs', { context: { sent: to - from, stored: rows } });
}
