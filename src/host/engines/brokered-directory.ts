import type { Log } from '../../core/engine-deps.ts';
import { MigrationError } from '../../core/errors.ts';
import { startEmbeddedChild } from '../../embedded-process/embedded-child.ts';
import { EmbeddedLife } from './embedded-life.ts';

export interface BrokerSettings {
  /** Absolute path of the embedded process's main.ts or the bundle of it. */
  readonly embeddedEntry: string;
  readonly log: Log;
  /** After so long without use the directory is let go, so that the command line can have it. Default 30 s. */
  readonly idleMs?: number;
}

/** One embedded database: at most one process at a time, started when it is asked for. */
export class BrokeredDirectory {
  readonly #directory: string;
  readonly #settings: BrokerSettings;
  #life: Promise<EmbeddedLife> | null = null;
  /** Resolves when the process before has let go of the directory. */
  #left: Promise<void> = Promise.resolve();
  #disposed = false;

  /** `directory`: absolute path. */
  constructor(directory: string, settings: BrokerSettings) {
    this.#directory = directory;
    this.#settings = settings;
  }

  /** The process that runs, or a new one. Throws `embedded-in-use`, `embedded-not-started`. */
  open(): Promise<EmbeddedLife> {
    if (this.#disposed) return Promise.reject(new MigrationError('embedded-stopped', { context: { detail: 'it was closed' } }));
    if (this.#life !== null) return this.#life;
    const life = this.#start(() => {
      if (this.#life === life) void this.#leave((running) => running.close());
    });
    this.#life = life;
    const forget = (): void => {
      if (this.#life === life) this.#life = null;
    };
    life.then((running) => running.ended.then(forget), forget);
    return life;
  }

  /** The process that runs, null when none does; starts none. */
  async running(): Promise<EmbeddedLife | null> {
    return (await this.#life?.catch(() => null)) ?? null;
  }

  /** Stops the process at once; what was not committed is gone. The next use opens it again. */
  kill(): Promise<void> {
    return this.#leave((life) => life.kill());
  }

  dispose(): Promise<void> {
    this.#disposed = true;
    return this.#leave((life) => life.close());
  }

  async #start(leave: () => void): Promise<EmbeddedLife> {
    const { embeddedEntry, log, idleMs: ms = 30_000 } = this.#settings;
    await this.#left;
    const child = await startEmbeddedChild(embeddedEntry, { directory: this.#directory, program: 'VS Code' }, log);
    return new EmbeddedLife(this.#directory, child, { ms, leave });
  }

  #leave(end: (life: EmbeddedLife) => Promise<void>): Promise<void> {
    const life = this.#life;
    this.#life = null;
    const before = this.#left;
    const leaving = (async () => {
      await before;
      const running = await life?.catch(() => null);
      if (running) await end(running);
    })();
    this.#left = leaving;
    return leaving;
  }
}
