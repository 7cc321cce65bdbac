import type { Catalog } from '../../model/catalog.ts';
import { readCapabilities } from '../capabilities.ts';
import { introspectPostgres } from '../introspect.ts';
import type { CopyIn, QueryResult, SqlParameter, Target, TargetAddress, TargetCapabilities, TargetSession } from '../target.ts';
import { embeddedLabel } from './embedded-directory.ts';
import type { EmbeddedLink } from './embedded-link.ts';
import { EmbeddedSession } from './embedded-session.ts';

/** A client of the process that owns the embedded PostgreSQL. Closing it leaves the link open: others may use it. */
export async function openEmbeddedTarget(link: EmbeddedLink): Promise<Target> {
  const session = new EmbeddedSession(link, null);
  return new EmbeddedTarget(link, session, await readCapabilities(session, { sessions: false }));
}

/** Outside a transaction every statement is a request of its own, between those of other clients. */
class EmbeddedTarget implements Target {
  readonly capabilities: TargetCapabilities;
  readonly address: TargetAddress;
  readonly label: string;
  readonly wire = null;
  readonly #link: EmbeddedLink;
  readonly #session: EmbeddedSession;

  constructor(link: EmbeddedLink, session: EmbeddedSession, capabilities: TargetCapabilities) {
    this.address = { kind: 'embedded', directory: link.directory };
    this.capabilities = capabilities;
    this.label = embeddedLabel(link.directory);
    this.#link = link;
    this.#session = session;
  }

  query(sql: string, parameters?: readonly SqlParameter[]): Promise<QueryResult> {
    return this.#session.query(sql, parameters);
  }

  copyIn(sql: string): Promise<CopyIn> {
    return this.#session.copyIn(sql);
  }

  copyOut(sql: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#session.copyOut(sql, signal);
  }

  async transaction<T>(work: (session: TargetSession) => Promise<T>): Promise<T> {
    const { session } = await this.#link.request('begin', { client: this.label });
    let result: T;
    try {
      result = await work(new EmbeddedSession(this.#link, session));
    } catch (error) {
      // When the process is gone nothing is left to roll back; the first error is the one to tell.
      await this.#link.request('rollback', { session }).catch(() => {});
      throw error;
    }
    await this.#link.request('commit', { session });
    return result;
  }

  introspect(schemas: readonly string[]): Promise<Catalog> {
    return introspectPostgres(this, schemas);
  }

  /** Its one thread cannot be interrupted: the process is killed, what was not committed is gone, and the next use starts it anew. */
  cancel(): Promise<void> {
    return this.#link.kill();
  }

  async close(): Promise<void> {}
}
