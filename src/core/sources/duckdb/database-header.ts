/** Checksum, then DUCK, then the storage version; the two headers behind it count checkpoints: https://duckdb.org/docs/stable/internals/storage */
const magic = Buffer.from('DUCK', 'latin1');
const magicAt = 8;

/** The main header and both database headers. */
export const headerBytes = 3 * 4_096;

/** Of the write-ahead log beside a database. */
export const logSuffix = '.wal';

export function isDuckDbHead(head: Uint8Array): boolean {
  return head.length >= magicAt + magic.length && magic.equals(head.subarray(magicAt, magicAt + magic.length));
}
