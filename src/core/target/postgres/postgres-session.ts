import type { Client, QueryResult as PgResult } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { MigrationError } from '../../errors.ts';
import { deferred } from '../deferred.ts';
import { toSqlError } from '../sql-errors.ts';
import type { CopyIn, QueryResult, SqlParameter, TargetSession } from '../target.ts';
import { TurnQueue } from '../turn-queue.ts';
import { CopyInQuery } from './copy-in-query.ts';

type Row = Record<string, unknown>;
type Result = PgResult<Row>;

/** Statements of one connection, one after the other. */
export class PostgresSession implements TargetSession {
  readonly #client: Client;
  readonly #cancel: () => Promise<void>;
  readonly #turns = new TurnQueue();

  /** `cancel` stops the statement that the connection is doing now. */
  constructor(client: Client, cancel: () => Promise<void>) {
    this.#client = client;
    this.#cancel = cancel;
  }

  async query(sql: string, parameters?: readonly SqlParameter[]): Promise<QueryResult> {
    return (await this.run(sql, parameters)).result;
  }

  /** As `query`, with the command that the server says it carried out ("COMMIT" may end as a "ROLLBACK"). */
  async run(sql: string, parameters: readonly SqlParameter[] = []): Promise<{ readonly result: QueryResult; readonly command: string }> {
    return this.#turns.run(async () => {
      const notices: string[] = [];
      const onNotice = ({ message }: { readonly message?: string | undefined }): void => void notices.push(message ?? '');
      this.#client.on('notice', onNotice);
      try {
        const last = lastResult(await this.#client.query<Row>(sql, parameters.length === 0 ? undefined : parameters.map(bound)));
        const result = { rows: last.rows, rowCount: last.rowCount ?? last.rows.length, ...(notices.length === 0 ? {} : { notices }) };
        return { result, command: last.command };
      } catch (error) {
        throw toSqlError(error, { inCopy: false });
      } finally {
        this.#client.off('notice', onNotice);
      }
    });
  }

  /** `onFinished` is called once, when the COPY is over: ended, aborted or failed. */
  async copyIn(sql: string, onFinished: () => void = () => {}): Promise<CopyIn> {
    const release = await this.#turns.take();
    const over = (): void => {
      release();
      onFinished();
    };
    const copy = this.#client.query(new CopyInQuery(sql, over));
    await copy.started;
    return copy;
  }

  async *copyOut(sql: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const release = await this.#turns.take();
    try {
      if (signal.aborted) throw new MigrationError('cancelled');
      yield* this.#copyOutPieces(sql, signal);
    } finally {
      release();
    }
  }

  async *#copyOutPieces(sql: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const stream = this.#client.query(copyTo(sql, { highWaterMark: 256 * 1024 }));
    const finished = deferred<void>();
    stream.once('end', finished.resolve).once('error', () => finished.resolve());
    const onAbort = (): void => void this.#cancel().catch(() => {});
    signal.addEventListener('abort', onAbort, { once: true });
    let complete = false;
    try {
      for await (const piece of stream.iterator({ destroyOnReturn: false })) yield piece as Buffer;
      complete = true;
    } catch (error) {
      complete = true;
      throw signal.aborted ? new MigrationError('cancelled', { cause: error }) : toSqlError(error, { inCopy: false });
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (!complete) {
        // The reader lost interest: the rest must leave the connection before it can be used again.
        await this.#cancel().catch(() => {});
        stream.resume();
        await finished.promise;
      }
    }
  }
}

/** Several statements give an array, which the type declarations leave out. */
function lastResult(found: Result | Result[]): Result {
  return Array.isArray(found) ? found.at(-1)! : found;
}

function bound(parameter: SqlParameter): unknown {
  if (parameter instanceof Uint8Array) return Buffer.from(parameter.buffer, parameter.byteOffset, parameter.length);
  return parameter;
}
