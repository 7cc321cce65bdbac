/** Text whose bytes are not valid in the store's encoding. The bytes are kept; nothing is replaced. */
export class InvalidText {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * One value as a source hands it over. Integers are always bigint, reals always number, so that 5 and 5.0 stay apart;
 * text is string (or InvalidText), bytes are Uint8Array, SQL NULL is null.
 */
export type SourceValue = null | boolean | bigint | number | string | Uint8Array | InvalidText;
