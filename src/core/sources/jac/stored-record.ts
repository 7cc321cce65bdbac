import type { BrokenRecord } from './anchor.ts';
import { RecordFault } from './record-fault.ts';

/** A record as it lies in the file. */
export interface StoredRecord {
  readonly key: string;
  readonly value: Uint8Array;
  /** The value is JSON; else it is a pickle. */
  readonly json?: true;
  /** Byte of the file where the value begins; null in an SQLite store. */
  readonly offset: number | null;
}

/** What a file gives, one after the other: read from the disk as it is asked for. */
export type StoredRecords = Iterable<StoredRecord | BrokenRecord>;

export function isBroken(record: StoredRecord | BrokenRecord): record is BrokenRecord {
  return 'reason' in record;
}

export function brokenRecord(key: string, offset: number | null, reason: string): BrokenRecord {
  return { key, offset, reason };
}

/** What `read` gives, or a broken record where it throws RecordFault. */
export function recordOr<T>(key: string, offset: number | null, read: () => T): T | BrokenRecord {
  try {
    return read();
  } catch (error) {
    if (error instanceof RecordFault) return brokenRecord(key, offset, error.message);
    throw error;
  }
}

/** Keys are ASCII; whatever else stands there is shown byte by byte, and not at length. */
export function keyText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, longestKey)).toString('latin1');
  return text.replace(/[^\x20-\x7e]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Keys of anchors have 36 bytes; in a damaged file a key may seem to be as long as the file. */
export const longestKey = 256;
