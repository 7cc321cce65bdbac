import type { Log } from '../../core/engine-deps.ts';
import { MigrationError, toMigrationError } from '../../core/errors.ts';
import type { EngineMethod, EngineRequests } from '../../protocol/engine-protocol.ts';
import type { EngineState } from '../engines.ts';
import type { Event } from '../event.ts';
import { backOffMs, countCrash } from './crash-back-off.ts';
import type { EngineProcess } from './engine-process.ts';

export interface BrowsingSettings {
  readonly start: () => Promise<EngineProcess>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

interface Current {
  readonly starting: Promise<EngineProcess>;
  /** null until it has started. */
  process: EngineProcess | null;
}

/** Methods that leave a trace outside of the engine: they are never repeated. */
const writing: ReadonlySet<EngineMethod> = new Set<EngineMethod>(['run', 'retryRejects', 'rollBack', 'exportRows']);

/** The engine process that answers the editor's own questions: started when it is asked, started anew when it crashed. */
export class BrowsingEngine {
  readonly #settings: BrowsingSettings;
  readonly #listeners = new Set<(state: EngineState) => unknown>();
  #state: EngineState = { kind: 'stopped' };
  #current: Current | null = null;
  #crashes = 0;
  #disposed = false;

  constructor(settings: BrowsingSettings) {
    this.#settings = settings;
  }

  get state(): EngineState {
    return this.#state;
  }

  readonly onDidChangeState: Event<EngineState> = (listener) => {
    // A function of its own, so that one listener given twice is told twice and disposed once.
    const told = (state: EngineState): unknown => listener(state);
    this.#listeners.add(told);
    return { dispose: () => void this.#listeners.delete(told) };
  };

  async request<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<EngineRequests[M]['result']> {
    const engine = await this.#running(signal);
    try {
      return await engine.request(method, params, signal);
    } catch (error) {
      // Somebody else's cancellation is not this caller's failure.
      const innocent = engine.ending === 'cancelled' && error instanceof MigrationError && error.code === 'engine-stopped';
      if (!innocent || writing.has(method)) throw error;
      return await (await this.#running(signal)).request(method, params, signal);
    }
  }

  async restart(): Promise<void> {
    const { current } = this.#forget();
    this.#crashes = 0;
    this.#setState({ kind: 'stopped' });
    await endOf(current);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.restart();
    this.#listeners.clear();
  }

  async #running(signal: AbortSignal | undefined): Promise<EngineProcess> {
    if (signal?.aborted) throw new MigrationError('cancelled');
    if (this.#current?.process?.ending === 'cancelled') this.#forget();
    this.#current ??= this.#begin();
    return untilAborted(this.#current.starting, signal);
  }

  #begin(): Current {
    this.#refuse();
    const current: Current = { starting: this.#settings.start(), process: null };
    void this.#watch(current);
    return current;
  }

  /** Throws when no engine may be started now. */
  #refuse(): void {
    if (this.#disposed) throw new MigrationError('engine-stopped', { context: { detail: 'the editor is closing' } });
    if (this.#state.kind === 'failed') throw new MigrationError('native-missing', { context: { detail: this.#state.reason } });
    if (this.#state.kind !== 'crashed') return;
    const wait = this.#state.retryAt - this.#settings.now();
    if (wait <= 0) return;
    const context = { detail: this.#state.reason, retryInSeconds: Math.ceil(wait / 1000) };
    throw new MigrationError('engine-not-started', { context });
  }

  async #watch(current: Current): Promise<void> {
    let startedAt: number | null = null;
    try {
      current.process = await current.starting;
      if (this.#current !== current) return;
      startedAt = this.#settings.now();
      this.#setState({ kind: 'running', pid: current.process.pid });
    } catch (error) {
      if (this.#current === current) this.#crashed(toMigrationError(error), null);
      return;
    }
    const end = await current.process.ended;
    if (this.#current !== current) return;
    if (current.process.ending === null) {
      this.#crashed(end, startedAt);
    } else {
      this.#forget();
      this.#setState({ kind: 'stopped' });
    }
  }

  #crashed(error: MigrationError, startedAt: number | null): void {
    this.#forget();
    const reason = error.context.detail ?? error.message;
    if (error.code === 'native-missing') {
      this.#setState({ kind: 'failed', reason, code: error.code });
      return;
    }
    const now = this.#settings.now();
    this.#crashes = countCrash(this.#crashes, startedAt, now);
    this.#setState({ kind: 'crashed', reason, retryAt: now + backOffMs(this.#crashes), crashes: this.#crashes });
  }

  #forget(): { readonly current: Current | null } {
    const current = this.#current;
    this.#current = null;
    return { current };
  }

  #setState(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#listeners) {
      try {
        listener(state);
      } catch (error) {
        this.#settings.log.error(`a listener of the engine's state failed: ${String(error)}`);
      }
    }
  }
}

async function endOf(current: Current | null): Promise<void> {
  const engine = await current?.starting.catch(() => null);
  await engine?.end();
}

/** The start goes on for whoever else waits for it. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new MigrationError('cancelled'));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
