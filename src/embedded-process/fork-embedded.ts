import { fileURLToPath } from 'node:url';
import type { Log } from '../core/engine-deps.ts';
import { MigrationError } from '../core/errors.ts';
import type { EmbeddedLink, EmbeddedMethod, EmbeddedRequests } from '../core/target/embedded/embedded-link.ts';
import { startEmbeddedChild, type EmbeddedChild } from './embedded-child.ts';
import type { OpenParams } from './open-request.ts';

export interface ForkOptions {
  readonly log: Log;
  /** Shown to whoever wants the directory at the same time. Default "sluice". */
  readonly program?: string;
}

/**
 * Forks the process that owns the embedded PostgreSQL in `directory` (absolute path) and waits until it is open. `entry`: its main.ts or
 * the bundle of it. Throws `embedded-in-use` or `embedded-not-started`. The link keeps this process alive until it is closed.
 */
export async function forkEmbedded(entry: URL | string, directory: string, options: ForkOptions): Promise<EmbeddedLink> {
  const link = new ForkedLink(
    entry instanceof URL ? fileURLToPath(entry) : entry,
    { directory, program: options.program ?? 'sluice' },
    options.log,
  );
  await link.start();
  return link;
}

/** How long a process may take to write its last checkpoint. */
const closeMs = 30_000;

class ForkedLink implements EmbeddedLink {
  readonly directory: string;
  readonly #entry: string;
  readonly #params: OpenParams;
  readonly #log: Log;
  #child: Promise<EmbeddedChild> | null = null;
  #closed = false;

  constructor(entry: string, params: OpenParams, log: Log) {
    this.directory = params.directory;
    this.#entry = entry;
    this.#params = params;
    this.#log = log;
  }

  /** The process that runs, or a new one when there is none or it was killed or crashed. */
  start(): Promise<EmbeddedChild> {
    if (this.#child !== null) return this.#child;
    const starting = startEmbeddedChild(this.#entry, this.#params, this.#log);
    this.#child = starting;
    const forget = (): void => {
      if (this.#child === starting) this.#child = null;
    };
    starting.then((child) => child.ended.then(forget), forget);
    return starting;
  }

  async request<M extends EmbeddedMethod>(method: M, params: EmbeddedRequests[M]['params']): Promise<EmbeddedRequests[M]['result']> {
    if (this.#closed) throw new MigrationError('embedded-stopped', { context: { detail: 'it was closed' } });
    const child = await this.start();
    return child.request(method, params);
  }

  async kill(): Promise<void> {
    const starting = this.#child;
    this.#child = null;
    const child = await starting?.catch(() => null);
    await child?.kill();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const child = await this.#child?.catch(() => null);
    if (!child) return;
    const late = setTimeout(() => void child.kill(), closeMs);
    await child.request('close', {}).catch((error: unknown) => this.#log.warn(`closing the embedded PostgreSQL: ${String(error)}`));
    await child.ended;
    clearTimeout(late);
  }
}
