import { MigrationError } from '../../errors.ts';
import type { CopyIn, QueryResult, SqlParameter, TargetSession } from '../target.ts';
import { EmbeddedCopyIn } from './embedded-copy-in.ts';
import type { EmbeddedLink } from './embedded-link.ts';

/** Statements inside one transaction (`token`), or each on its own (null). The other process keeps them in order. */
export class EmbeddedSession implements TargetSession {
  readonly #link: EmbeddedLink;
  readonly #token: string | null;

  constructor(link: EmbeddedLink, token: string | null) {
    this.#link = link;
    this.#token = token;
  }

  query(sql: string, parameters: readonly SqlParameter[] = []): Promise<QueryResult> {
    return this.#link.request('query', { session: this.#token, sql, parameters });
  }

  async copyIn(sql: string): Promise<CopyIn> {
    return new EmbeddedCopyIn(this.#link, this.#token, sql);
  }

  async *copyOut(sql: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    checkNotAborted(signal);
    const { copy } = await this.#link.request('copyOut', { session: this.#token, sql });
    try {
      for (;;) {
        checkNotAborted(signal);
        const { chunk } = await this.#link.request('copyOutNext', { copy });
        if (chunk === null) return;
        yield chunk;
      }
    } finally {
      // When the process is gone its files are, too.
      await this.#link.request('copyOutClose', { copy }).catch(() => {});
    }
  }
}

function checkNotAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new MigrationError('cancelled');
}
