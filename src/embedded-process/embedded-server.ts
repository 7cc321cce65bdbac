import type { PGlite, Results } from '@electric-sql/pglite';
import { MigrationError } from '../core/errors.ts';
import type { CopyPieces, EmbeddedMethod, EmbeddedRequests } from '../core/target/embedded/embedded-link.ts';
import { toSqlError } from '../core/target/sql-errors.ts';
import type { QueryResult, SqlParameter } from '../core/target/target.ts';
import { TurnQueue } from '../core/target/turn-queue.ts';
import { copyThroughFile } from './copy-statement.ts';
import type { Spool, SpoolReader } from './spool.ts';

type Handlers = { readonly [M in EmbeddedMethod]: (params: EmbeddedRequests[M]['params']) => Promise<EmbeddedRequests[M]['result']> };

/** A transaction under way: it holds the database's turn; its own statements queue behind each other. */
interface Session {
  readonly turns: TurnQueue;
  readonly endTurn: () => void;
}

/** Answers the requests of all clients on the one session that PGlite has. */
export class EmbeddedServer {
  readonly handlers: Handlers;
  readonly #database: PGlite;
  readonly #spool: Spool;
  /** Tokens of another life of this process are told apart from those that are over. */
  readonly #life: string;
  readonly #turns = new TurnQueue();
  readonly #sessions = new Map<string, Session>();
  readonly #readers = new Map<string, SpoolReader>();
  readonly #pieces = new Map<string, { readonly name: string; readonly bytes: number }>();
  #tokens = 0;
  #closing = false;

  /** `life`: a text that no other process that serves this directory uses. */
  constructor(database: PGlite, spool: Spool, life: string) {
    this.#database = database;
    this.#spool = spool;
    this.#life = life;
    this.handlers = {
      begin: () => this.#begin(),
      commit: ({ session }) => this.#end(session, 'COMMIT'),
      rollback: ({ session }) => this.#end(session, 'ROLLBACK'),
      query: ({ session, sql, parameters }) => this.#inTurn(session, () => this.#query(sql, parameters)),
      copyIn: ({ session, sql, chunks, ahead }) => this.#copyIn(session, sql, chunks, ahead),
      copyInPiece: async ({ ahead, chunk }) => this.#addPiece(ahead, chunk),
      copyInDrop: async ({ copy }) => this.#dropPieces(copy),
      copyOut: ({ session, sql }) => this.#copyOut(session, sql),
      copyOutNext: async ({ copy }) => ({ chunk: this.#readerOf(copy).next() }),
      copyOutClose: async ({ copy }) => this.#closeReader(copy),
      close: () => this.#close(),
    };
  }

  async #begin(): Promise<{ session: string }> {
    const endTurn = await this.#turns.take();
    try {
      this.#checkOpen();
      await this.#run('BEGIN', []);
    } catch (error) {
      endTurn();
      throw error;
    }
    const session = `${this.#life}-${++this.#tokens}`;
    this.#sessions.set(session, { turns: new TurnQueue(), endTurn });
    return { session };
  }

  async #end(token: string, command: 'COMMIT' | 'ROLLBACK'): Promise<null> {
    const session = this.#sessionOf(token);
    return session.turns.run(async () => {
      this.#sessions.delete(token);
      try {
        const result = await this.#run(command, []);
        // The server answers COMMIT of a failed transaction with ROLLBACK and no error.
        if (result.command !== command) throw new MigrationError('transaction-rolled-back');
        return null;
      } finally {
        session.endTurn();
      }
    });
  }

  #inTurn<T>(token: string | null, work: () => Promise<T>): Promise<T> {
    if (token !== null) return this.#sessionOf(token).turns.run(work);
    return this.#turns.run(() => {
      this.#checkOpen();
      return work();
    });
  }

  #checkOpen(): void {
    if (this.#closing) throw new MigrationError('embedded-stopped', { context: { detail: 'it was closed' } });
  }

  #sessionOf(token: string): Session {
    const session = this.#sessions.get(token);
    if (session !== undefined) return session;
    throw token.startsWith(`${this.#life}-`)
      ? new MigrationError('session-over')
      : new MigrationError('embedded-stopped', { context: { detail: 'it was started anew in the middle of a transaction' } });
  }

  async #query(sql: string, parameters: readonly SqlParameter[]): Promise<QueryResult> {
    const notices: string[] = [];
    const result = await this.#run(sql, parameters, { inCopy: false, onNotice: ({ message }) => void notices.push(message ?? '') });
    return { rows: result.rows, rowCount: result.rowCount ?? result.rows.length, ...(notices.length === 0 ? {} : { notices }) };
  }

  async #copyIn(token: string | null, sql: string, chunks: readonly Uint8Array[], ahead: CopyPieces | null): Promise<{ rows: number }> {
    const name = ahead === null ? this.#spool.newName() : this.#takePieces(ahead);
    try {
      const statement = this.#copyStatement(sql, 'in', name);
      this.#spool.append(name, chunks);
      const result = await this.#inTurn(token, () => this.#run(statement, [], { inCopy: true }));
      return { rows: result.rowCount ?? 0 };
    } finally {
      this.#spool.drop(name);
    }
  }

  #addPiece(ahead: CopyPieces, chunk: Uint8Array): null {
    const name = ahead.bytes === 0 ? this.#spool.newName() : this.#takePieces(ahead);
    this.#spool.append(name, [chunk]);
    this.#pieces.set(ahead.copy, { name, bytes: ahead.bytes + chunk.length });
    return null;
  }

  #dropPieces(copy: string): null {
    const pieces = this.#pieces.get(copy);
    if (pieces !== undefined) this.#spool.drop(pieces.name);
    this.#pieces.delete(copy);
    return null;
  }

  /** The file that holds what was sent ahead. When the process was killed in between, a part of it is missing. */
  #takePieces(ahead: CopyPieces): string {
    const pieces = this.#pieces.get(ahead.copy);
    this.#pieces.delete(ahead.copy);
    if (pieces?.bytes !== ahead.bytes) throw stoppedInBetween();
    return pieces.name;
  }

  async #copyOut(token: string | null, sql: string): Promise<{ copy: string; bytes: number }> {
    const name = this.#spool.newName();
    const statement = this.#copyStatement(sql, 'out', name);
    try {
      await this.#inTurn(token, () => this.#run(statement, []));
      const reader = this.#spool.read(name);
      this.#readers.set(name, reader);
      return { copy: name, bytes: reader.bytes };
    } catch (error) {
      this.#spool.drop(name);
      throw error;
    }
  }

  #readerOf(copy: string): SpoolReader {
    const reader = this.#readers.get(copy);
    if (reader === undefined) throw stoppedInBetween();
    return reader;
  }

  #closeReader(copy: string): null {
    this.#readers.get(copy)?.close();
    this.#readers.delete(copy);
    return null;
  }

  #copyStatement(sql: string, direction: 'in' | 'out', name: string): string {
    const statement = copyThroughFile(sql, direction, this.#spool.inside(name));
    if (statement === null)
      throw new MigrationError('internal', { context: { detail: `this is not a COPY through the client: ${sql.slice(0, 80)}` } });
    return statement;
  }

  /** Transactions under way are rolled back; whoever waits for a turn is refused. */
  async #close(): Promise<null> {
    this.#closing = true;
    for (const token of this.#sessions.keys()) await this.#end(token, 'ROLLBACK').catch(() => {});
    return this.#turns.run(async () => {
      for (const copy of this.#readers.keys()) this.#closeReader(copy);
      await this.#database.close();
      return null;
    });
  }

  async #run(
    sql: string,
    parameters: readonly SqlParameter[],
    options: RunOptions = { inCopy: false },
  ): Promise<Results<Record<string, unknown>>> {
    const listening = options.onNotice === undefined ? {} : { onNotice: options.onNotice };
    try {
      if (parameters.length > 0) return await this.#database.query<Record<string, unknown>>(sql, parameters.map(textOf), listening);
      return (await this.#database.exec(sql, listening)).at(-1) as Results<Record<string, unknown>>;
    } catch (error) {
      throw toSqlError(error, options);
    }
  }
}

interface RunOptions {
  readonly inCopy: boolean;
  readonly onNotice?: (notice: { readonly message: string | undefined }) => void;
}

function stoppedInBetween(): MigrationError {
  return new MigrationError('embedded-stopped', { context: { detail: 'it was started anew in the middle of a COPY' } });
}

function textOf(parameter: SqlParameter): string | null {
  if (parameter === null) return null;
  if (parameter instanceof Uint8Array) return `\\x${Buffer.from(parameter.buffer, parameter.byteOffset, parameter.length).toString('hex')}`;
  if (typeof parameter === 'object') return `{${parameter.map(arrayElement).join(',')}}`;
  return String(parameter);
}

function arrayElement(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
