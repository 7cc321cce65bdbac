import type { MigrationError } from '../../core/errors.ts';
import { BridgedClient } from '../../core/target/embedded/bridged-client.ts';
import type { EmbeddedLink, EmbeddedMethod, EmbeddedRequests } from '../../core/target/embedded/embedded-link.ts';
import type { EmbeddedChild } from '../../embedded-process/embedded-child.ts';

/** How long a process may take to write its last checkpoint. */
const closeMs = 30_000;

/** One embedded process from its start to its end, and what its clients have open in it. */
export class EmbeddedLife implements EmbeddedLink {
  readonly directory: string;
  readonly #child: EmbeddedChild;
  readonly #idle: { readonly ms: number; readonly leave: () => void };
  readonly #clients = new Map<string, BridgedClient>();
  /** Transactions and copies under way: what a client would lose if the process ended now. */
  readonly #open = new Set<string>();
  #asked = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `idle.leave` is called when nothing was asked and nothing open for `idle.ms`. */
  constructor(directory: string, child: EmbeddedChild, idle: { readonly ms: number; readonly leave: () => void }) {
    this.directory = directory;
    this.#child = child;
    this.#idle = idle;
    void child.ended.then(() => clearTimeout(this.#timer));
    this.#rest();
  }

  get ended(): Promise<MigrationError> {
    return this.#child.ended;
  }

  client(name: string): BridgedClient {
    const known = this.#clients.get(name) ?? new BridgedClient(this, name);
    this.#clients.set(name, known);
    return known;
  }

  /** Rolls back and drops what the client has open. */
  async vanish(name: string): Promise<void> {
    const client = this.#clients.get(name);
    this.#clients.delete(name);
    await client?.vanish();
  }

  async request<M extends EmbeddedMethod>(method: M, params: EmbeddedRequests[M]['params']): Promise<EmbeddedRequests[M]['result']> {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#closes(method, params as Named);
    try {
      const result = await this.#child.request<EmbeddedRequests[M]['result']>(method, params);
      this.#opens(method, params as Named, result as Named | null);
      return result;
    } finally {
      this.#asked--;
      this.#rest();
    }
  }

  kill(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#child.kill();
  }

  /** Ends the process with its last checkpoint written, or after 30 s without. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const late = setTimeout(() => void this.#child.kill(), closeMs);
    // One that cannot write its last checkpoint (its folder is gone) loses nothing that was committed by going without.
    await this.#child.request('close', {}).catch(() => this.#child.kill());
    await this.#child.ended;
    clearTimeout(late);
  }

  #rest(): void {
    if (this.#asked > 0 || this.#open.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#idle.leave, this.#idle.ms);
    // What idles keeps nobody alive.
    this.#timer.unref();
  }

  #closes(method: EmbeddedMethod, params: Named): void {
    if (method === 'commit' || method === 'rollback') this.#open.delete(params.session ?? '');
    if (method === 'copyOutClose' || method === 'copyInDrop') this.#open.delete(params.copy ?? '');
    if (method === 'copyIn') this.#open.delete(params.ahead?.copy ?? '');
  }

  #opens(method: EmbeddedMethod, params: Named, result: Named | null): void {
    if (method === 'begin') this.#open.add(result?.session ?? '');
    if (method === 'copyOut') this.#open.add(result?.copy ?? '');
    if (method === 'copyInPiece') this.#open.add(params.ahead?.copy ?? '');
  }
}

interface Named {
  readonly session?: string | null;
  readonly copy?: string;
  readonly ahead?: { readonly copy: string } | null;
}
