/** Text whose bytes are not valid in the store's encoding. The bytes are kept; nothing is replaced. */
export class InvalidText {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** A record that is no row by the grammar of its store: it stands in each column that was asked for, with its own bytes. */
export class UnreadableRecord {
  readonly bytes: Uint8Array;
  /** A sentence without its full stop, without values. */
  readonly reason: string;
  constructor(bytes: Uint8Array, reason: string) {
    this.bytes = bytes;
    this.reason = reason;
  }
}

/**
 * One value as a source hands it over. Integers are always bigint, reals always number, so that 5 and 5.0 stay apart;
 * text is string (or InvalidText), bytes are Uint8Array, SQL NULL is null.
 */
export type SourceValue = null | boolean | bigint | number | string | Uint8Array | InvalidText | UnreadableRecord;
