/**
 * Frame of PostgreSQL's binary COPY: the signature with no flags and no extension in front, a field count of -1 at the end.
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
export const copySignature: Uint8Array = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Bytes of the signature that never change; the flags and the length of the extension follow. */
export const copyMagicBytes = 11;

/** What is sent behind the last tuple. */
export const copyTrailer: Uint8Array = Buffer.from([0xff, 0xff]);
