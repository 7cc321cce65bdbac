import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { EngineDeps } from '../../engine-deps.ts';
import { MigrationError } from '../../errors.ts';
import { postTexts, type Correspondence } from './post-texts.ts';

export interface ClientSettings extends Omit<Correspondence, 'now'> {
  /** Before the first further try, doubled from then on; milliseconds. Default 500. */
  readonly firstPause?: number;
}

/** Tries after the first; at an address that has never answered, fewer: it is more likely wrong than busy. */
const retries = 6;
const retriesBeforeAnyAnswer = 2;
const longestPause = 30_000;
/** An endpoint that wants to be left alone for longer is told to the user instead of waited for; seconds. */
const longestWait = 300;

/** Asks one endpoint, again where that may help, and leaves it alone for as long as it asks for. */
export class EmbeddingClient {
  requests = 0;
  retries = 0;
  /** null until an answer counts them. */
  tokens: number | null = null;
  readonly #settings: ClientSettings;
  readonly #deps: Pick<EngineDeps, 'clock' | 'log'>;
  #answered = false;
  /** By `clock.elapsed`: no request, of whatever batch, before that. */
  #notBefore = 0;

  constructor(settings: ClientSettings, deps: Pick<EngineDeps, 'clock' | 'log'>) {
    this.#settings = settings;
    this.#deps = deps;
  }

  /** A vector for each text, in their order, all of one length. */
  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    try {
      return await pRetry(() => this.#attempt(texts, signal), {
        retries,
        minTimeout: this.#settings.firstPause ?? 500,
        maxTimeout: longestPause,
        factor: 2,
        signal,
        shouldRetry: ({ error, retriesConsumed }) => this.#isWorthAnother(error, retriesConsumed),
      });
    } catch (error) {
      throw signal.aborted ? new MigrationError('cancelled', { cause: error }) : error;
    }
  }

  async #attempt(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const wait = this.#notBefore - this.#deps.clock.elapsed();
    if (wait > 0) await sleep(wait, undefined, { signal });
    this.requests += 1;
    const { vectors, tokens } = await postTexts(texts, { ...this.#settings, now: this.#deps.clock.now }, signal);
    this.#answered = true;
    if (tokens !== null) this.tokens = (this.tokens ?? 0) + tokens;
    return vectors;
  }

  #isWorthAnother(error: unknown, consumed: number): boolean {
    if (!(error instanceof MigrationError) || error.kind !== 'transient') return false;
    const alive = this.#answered || error.code === 'embedding-endpoint-busy';
    if (!alive && consumed >= retriesBeforeAnyAnswer) return false;
    const wait = Number(error.context['retryAfter'] ?? 0);
    if (wait > longestWait) return false;
    this.#notBefore = Math.max(this.#notBefore, this.#deps.clock.elapsed() + wait * 1000);
    this.retries += 1;
    const status = error.context['status'] === undefined ? '' : ` (${error.context['status']})`;
    this.#deps.log.warn(`request for embeddings: ${error.code}${status}; trying again`);
    return true;
  }
}
