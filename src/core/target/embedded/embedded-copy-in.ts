import type { CopyIn } from '../target.ts';
import type { EmbeddedLink } from './embedded-link.ts';

/** Bytes that are kept before they are sent ahead. */
const keptBytes = 16 << 20;

let copies = 0;

/**
 * COPY into the embedded database: the bytes are collected and sent as one request, so that a chunk is indivisible; what goes beyond 16 MB is
 * sent ahead to a file of the other process. Nothing reaches the database before `end`.
 */
export class EmbeddedCopyIn implements CopyIn {
  readonly #link: EmbeddedLink;
  readonly #session: string | null;
  readonly #sql: string;
  readonly #copy: string;
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #ahead = 0;

  constructor(link: EmbeddedLink, session: string | null, sql: string) {
    this.#link = link;
    this.#session = session;
    this.#sql = sql;
    this.#copy = `copy-${++copies}`;
  }

  async write(chunk: Uint8Array): Promise<void> {
    // A copy, because the caller fills its buffer again (and `slice` of a Buffer is a view).
    this.#chunks.push(new Uint8Array(chunk));
    this.#kept += chunk.length;
    if (this.#kept >= keptBytes) await this.#sendAhead();
  }

  async end(): Promise<number> {
    const chunks = this.#chunks;
    this.#chunks = [];
    const ahead = this.#ahead === 0 ? null : { copy: this.#copy, bytes: this.#ahead };
    return (await this.#link.request('copyIn', { session: this.#session, sql: this.#sql, chunks, ahead })).rows;
  }

  async abort(): Promise<void> {
    this.#chunks = [];
    if (this.#ahead > 0) await this.#link.request('copyInDrop', { copy: this.#copy });
    this.#ahead = 0;
  }

  async #sendAhead(): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#kept = 0;
    for (const chunk of chunks) {
      const { length } = chunk;
      await this.#link.request('copyInPiece', { ahead: { copy: this.#copy, bytes: this.#ahead }, chunk });
      this.#ahead += length;
    }
  }
}
