import type pg from 'pg';
import { MigrationError } from '../../errors.ts';
import type { Catalog } from '../../model/catalog.ts';
import { introspectPostgres } from '../introspect.ts';
import { toSqlError } from '../sql-errors.ts';
import type { CopyIn, QueryResult, SqlParameter, Target, TargetAddress, TargetCapabilities, TargetSession, Wire } from '../target.ts';
import { TurnQueue } from '../turn-queue.ts';
import { postgresLabel } from './postgres-label.ts';
import type { PostgresSession } from './postgres-session.ts';

interface PostgresTargetParts {
  readonly address: Extract<TargetAddress, { kind: 'postgres' }>;
  readonly client: pg.Client;
  readonly session: PostgresSession;
  readonly capabilities: TargetCapabilities;
  readonly wire: Wire;
  readonly cancel: () => Promise<void>;
}

/** A target on one connection. A transaction takes its turn as a whole: statements of other callers wait until it is over. */
export class PostgresTarget implements Target {
  readonly capabilities: TargetCapabilities;
  readonly address: TargetAddress;
  readonly label: string;
  readonly wire: Wire;
  readonly #client: pg.Client;
  readonly #session: PostgresSession;
  readonly #cancel: () => Promise<void>;
  readonly #turns = new TurnQueue();

  constructor(parts: PostgresTargetParts) {
    this.address = parts.address;
    this.capabilities = parts.capabilities;
    this.label = postgresLabel(parts.address.connection);
    this.wire = parts.wire;
    this.#client = parts.client;
    this.#session = parts.session;
    this.#cancel = parts.cancel;
  }

  query(sql: string, parameters?: readonly SqlParameter[]): Promise<QueryResult> {
    return this.#turns.run(() => this.#session.query(sql, parameters));
  }

  async copyIn(sql: string): Promise<CopyIn> {
    // The turn ends with the COPY, also when that fails in the middle and nobody ends or aborts it.
    return this.#session.copyIn(sql, await this.#turns.take());
  }

  async *copyOut(sql: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const release = await this.#turns.take();
    try {
      yield* this.#session.copyOut(sql, signal);
    } finally {
      release();
    }
  }

  transaction<T>(work: (session: TargetSession) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      await this.#session.query('BEGIN');
      let result: T;
      try {
        result = await work(this.#session);
      } catch (error) {
        // When the connection is gone the server rolls back by itself; the first error is the one to tell.
        await this.#session.query('ROLLBACK').catch(() => {});
        throw error;
      }
      const { command } = await this.#session.run('COMMIT');
      // The server answers COMMIT of a failed transaction with ROLLBACK and no error.
      if (command !== 'COMMIT') throw new MigrationError('transaction-rolled-back');
      return result;
    });
  }

  introspect(schemas: readonly string[]): Promise<Catalog> {
    return introspectPostgres(this, schemas);
  }

  async cancel(): Promise<void> {
    try {
      await this.#cancel();
    } catch (error) {
      throw toSqlError(error, { inCopy: false });
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
