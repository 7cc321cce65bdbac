/** Types of the messages with which a server opens: authentication, error, notice, parameter, key, negotiation of the protocol, ready. */
const openingTypes = new Set('RENSKvZ');

/** None of these is longer; what another protocol says reads as a length of hundreds of millions. */
const longestMessage = 1 << 20;

/** The first bytes that the other end sends. After TLS has begun they are no longer looked at: who agrees to it spoke PostgreSQL. */
export class Opening {
  #bytes = Buffer.alloc(0);

  readonly add = (bytes: Buffer): void => {
    if (this.#bytes.length < 6) this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(0, 6)]);
  };

  /** True when nothing came, or the answer to a request for TLS (one byte), or the beginning of a message of PostgreSQL's. */
  mayBePostgres(): boolean {
    const bytes = this.#bytes;
    if (bytes.length <= 1) return bytes.length === 0 || bytes.toString('latin1') === 'S' || bytes.toString('latin1') === 'N';
    if (!openingTypes.has(String.fromCharCode(bytes[0] ?? 0))) return false;
    return bytes.length < 5 || (bytes.readUInt32BE(1) >= 4 && bytes.readUInt32BE(1) <= longestMessage);
  }
}
