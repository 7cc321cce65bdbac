/** What the first 100 bytes of a SQLite file say (https://sqlite.org/fileformat2.html#the_database_header). */
export interface DatabaseHeader {
  readonly pageSize: number;
  /** Readers and writers need a -wal file. */
  readonly wal: boolean;
  /** Size of the database in bytes as its last writer recorded it; null where an old SQLite wrote last and left it stale. */
  readonly bytes: number | null;
}

const magic = Buffer.from('SQLite format 3\0', 'latin1');

export const headerBytes = 100;

export function isSqliteHead(head: Uint8Array): boolean {
  return head.length >= magic.length && magic.equals(head.subarray(0, magic.length));
}

/** `head`: at least 100 bytes that begin with SQLite's magic. */
export function parseHeader(head: Uint8Array): DatabaseHeader {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const pages = view.getUint32(28);
  const current = view.getUint32(24) === view.getUint32(92) && pages > 0;
  return { pageSize, wal: head[18] === 2 || head[19] === 2, bytes: current ? pages * pageSize : null };
}
