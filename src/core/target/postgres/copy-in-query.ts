import type { Connection } from 'pg';
import type { Duplex } from 'node:stream';
import { MigrationError } from '../../errors.ts';
import { deferred } from '../deferred.ts';
import type { CopyIn } from '../target.ts';
import { toSqlError } from '../sql-errors.ts';

/** Bytes in one CopyData message. The server keeps a buffer of that size, and bigger messages are not faster. */
const frameBytes = 256 * 1024;

/**
 * COPY … FROM STDIN as a query of `pg`: give it to `client.query`, await `started`, then use it as a CopyIn. `onFinished` is called once, when
 * the connection is free again. Frames are written straight to the socket: `pg-copy-streams` lets a small chunk go before the socket
 * has taken its bytes, and our chunks are buffers that are filled again at once.
 */
export class CopyInQuery implements CopyIn {
  readonly started: Promise<void>;
  /** `pg` overwrites it, so it has to be there. */
  callback: () => void = () => {};
  readonly #sql: string;
  readonly #onFinished: () => void;
  readonly #start = deferred<void>();
  readonly #finish = deferred<number>();
  readonly #header = Buffer.from([copyData, 0, 0, 0, 0]);
  #stream: Duplex | null = null;
  #rows = 0;
  #failure: MigrationError | null = null;
  #aborting = false;

  constructor(sql: string, onFinished: () => void) {
    this.#sql = sql;
    this.#onFinished = onFinished;
    this.started = this.#start.promise;
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length; from += frameBytes) await this.#writeFrame(chunk.subarray(from, from + frameBytes));
  }

  async end(): Promise<number> {
    if (this.#failure !== null) throw this.#failure;
    this.#stream?.write(Buffer.from([copyDone, 0, 0, 0, 4]));
    return this.#finish.promise;
  }

  async abort(): Promise<void> {
    if (this.#failure !== null || this.#aborting) return;
    this.#aborting = true;
    this.#stream?.write(copyFailMessage('the sender gave up'));
    await this.#finish.promise.catch(() => {});
  }

  #writeFrame(frame: Uint8Array): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const stream = this.#stream;
    if (stream === null)
      return Promise.reject(new MigrationError('internal', { context: { detail: 'COPY was written to before it started' } }));
    this.#header.writeUInt32BE(frame.length + 4, 1);
    return new Promise((resolve, reject) => {
      stream.cork();
      stream.write(this.#header);
      stream.write(frame, (error) => {
        if (this.#failure !== null) reject(this.#failure);
        else if (error) reject(toSqlError(error, { inCopy: true }));
        else resolve();
      });
      stream.uncork();
    });
  }

  // What `pg` calls on a query.

  submit(connection: Connection): void {
    connection.query(this.#sql);
  }

  handleCopyInResponse(connection: Connection): void {
    this.#stream = connection.stream;
    this.#start.resolve();
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(message.text)?.[1] ?? 0);
  }

  handleReadyForQuery(): void {
    this.#start.reject(
      new MigrationError('internal', { context: { detail: `this is not a COPY … FROM STDIN: ${this.#sql.slice(0, 80)}` } }),
    );
    this.#finish.resolve(this.#rows);
    this.#onFinished();
  }

  handleError(error: unknown): void {
    this.#failure = toSqlError(error, { inCopy: true });
    this.#start.reject(this.#failure);
    this.#finish.reject(this.#failure);
    this.#onFinished();
  }
}

const copyData = 0x64;
const copyDone = 0x63;
const copyFail = 0x66;

function copyFailMessage(reason: string): Buffer {
  const text = Buffer.from(`${reason}\0`);
  const message = Buffer.alloc(5 + text.length);
  message[0] = copyFail;
  message.writeUInt32BE(4 + text.length, 1);
  text.copy(message, 5);
  return message;
}
