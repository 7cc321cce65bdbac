import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import type { EmbeddedLink } from '../../target/embedded/embedded-link.ts';
import { openTarget } from '../../target/open-target.ts';
import type { Target } from '../../target/target.ts';
import type { TargetChoice } from '../requests.ts';

const mostSessions = 4;

/** Name of these sessions in pg_stat_activity. */
const applicationName = 'sluice';

interface Idle {
  readonly target: Target;
  readonly timer: NodeJS.Timeout;
}

/** A few sessions on one target, opened when they are needed and closed when they have been idle. The embedded target's share one link. */
export class SessionPool {
  readonly #choice: TargetChoice;
  readonly #deps: EngineDeps;
  readonly #idleMs: number;
  readonly #waiting: (() => void)[] = [];
  #idle: Idle[] = [];
  /** Works under way, each with a session. */
  #working = 0;
  /** Holders of the link besides sessions. */
  #lent = 0;
  #link: Promise<EmbeddedLink> | null = null;
  #closed = false;

  constructor(choice: TargetChoice, deps: EngineDeps, idleMs: number) {
    this.#choice = choice;
    this.#deps = deps;
    this.#idleMs = idleMs;
  }

  /** Does `work` on a free session; a lost one is opened anew once. Resolves or rejects when the session is free again. */
  async use<T>(signal: AbortSignal, work: (target: Target) => Promise<T>): Promise<T> {
    await this.#takeTurn();
    try {
      if (signal.aborted || this.#closed) throw new MigrationError('cancelled');
      return await this.#attempt(signal, work, true);
    } finally {
      this.#working--;
      this.#waiting.shift()?.();
      await this.#letGo();
    }
  }

  async lendLink(): Promise<EmbeddedLink> {
    this.#lent++;
    let given = true;
    const giveBack = async (): Promise<void> => {
      if (!given) return;
      given = false;
      this.#lent--;
      await this.#letGo();
    };
    try {
      const link = await this.#openLink();
      return { directory: link.directory, request: (method, params) => link.request(method, params), kill: giveBack, close: giveBack };
    } catch (error) {
      await giveBack();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const resume of this.#waiting.splice(0)) resume();
    await this.#dropIdle();
    await this.#closeLink();
  }

  async #takeTurn(): Promise<void> {
    // Counted again after each wait: somebody else may have come first.
    while (this.#working >= mostSessions && !this.#closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#working++;
  }

  async #attempt<T>(signal: AbortSignal, work: (target: Target) => Promise<T>, again: boolean): Promise<T> {
    let target: Target | null = null;
    let cancelling: Promise<void> = Promise.resolve();
    const cancel = (): void => {
      // The embedded target can only be killed, and a run may be using it.
      if (target?.capabilities.sessions === true) cancelling = target.cancel().catch(() => undefined);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      target = await this.#takeSession();
      if (signal.aborted) throw new MigrationError('cancelled');
      const result = await work(target);
      await cancelling;
      await this.#giveBack(target);
      return result;
    } catch (error) {
      // A late cancel request must not meet the session's next statement.
      await cancelling;
      if (!isLost(error)) {
        if (target !== null) await this.#giveBack(target);
        throw signal.aborted ? new MigrationError('cancelled', { cause: error }) : error;
      }
      await target?.close().catch(() => undefined);
      await this.#dropIdle();
      await this.#closeLink();
      if (!again || signal.aborted || this.#closed) throw error;
      return await this.#attempt(signal, work, false);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  async #takeSession(): Promise<Target> {
    const found = this.#idle.pop();
    if (found !== undefined) {
      clearTimeout(found.timer);
      return found.target;
    }
    const choice = this.#choice;
    if (choice.kind === 'postgres') return openTarget({ kind: 'postgres', connection: choice.connection, applicationName }, {});
    return openTarget({ kind: 'embedded', directory: choice.directory }, { embedded: await this.#openLink() });
  }

  async #giveBack(target: Target): Promise<void> {
    if (this.#closed) return target.close().catch(() => undefined);
    const timer = setTimeout(() => void this.#expire(target), this.#idleMs);
    timer.unref();
    this.#idle.push({ target, timer });
  }

  async #expire(target: Target): Promise<void> {
    this.#idle = this.#idle.filter((idle) => idle.target !== target);
    await target.close().catch(() => undefined);
    await this.#letGo();
  }

  /** Closes the link when nobody uses it or will soon. */
  async #letGo(): Promise<void> {
    if (this.#working + this.#lent + this.#idle.length === 0) await this.#closeLink();
  }

  async #dropIdle(): Promise<void> {
    const dropped = this.#idle;
    this.#idle = [];
    for (const { timer } of dropped) clearTimeout(timer);
    await Promise.allSettled(dropped.map(({ target }) => target.close()));
  }

  #openLink(): Promise<EmbeddedLink> {
    if (this.#choice.kind !== 'embedded') throw new MigrationError('internal', { context: { detail: 'a server has no link' } });
    if (this.#link === null) {
      const opening = this.#deps.openEmbedded(this.#choice.directory);
      opening.catch(() => {
        if (this.#link === opening) this.#link = null;
      });
      this.#link = opening;
    }
    return this.#link;
  }

  async #closeLink(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    await (await link?.catch(() => null))?.close().catch(() => undefined);
  }
}

function isLost(error: unknown): boolean {
  return error instanceof MigrationError && (error.code === 'connection-lost' || error.code === 'embedded-stopped');
}
