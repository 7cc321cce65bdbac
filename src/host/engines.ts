import type { EngineEvent } from '../core/engine-deps.ts';
import type { EngineMethod, EngineRequests } from '../protocol/engine-protocol.ts';
import type { Event } from './event.ts';

/** The browsing engine, as the tree shows it. */
export type EngineState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running'; readonly pid: number }
  /** It crashed and starts again at the next use, not before `retryAt` (milliseconds since 1970). */
  | { readonly kind: 'crashed'; readonly reason: string; readonly retryAt: number; readonly crashes: number }
  /** It cannot start here (a native part is missing); only Restart Engine tries again. */
  | { readonly kind: 'failed'; readonly reason: string; readonly code: string };

export interface RunCallOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
}

/** Engine processes: one for browsing, kept while it is used, and one per run. Every error is a MigrationError. */
export interface Engines {
  /**
   * Asks the browsing engine, which starts when it does not run. An abort cancels politely; when nothing has come back 700 ms later the process is
   * killed and starts anew, so a cancellation takes at most a second even inside a native call. Throws `engine-stopped` when it crashes meanwhile.
   */
  browse<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<EngineRequests[M]['result']>;
  /** One request in a process of its own, which ends with it; the same rule for an abort, and then the embedded process of its target is killed too. */
  runAlone<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    options: RunCallOptions,
  ): Promise<EngineRequests[M]['result']>;
  /** What the browsing engine tells while it answers. */
  readonly onDidTell: Event<EngineEvent>;
  readonly state: EngineState;
  readonly onDidChangeState: Event<EngineState>;
  /** Ends the browsing engine and forgets its crashes; the next use starts it. */
  restart(): Promise<void>;
  /** Ends everything, embedded processes included; runs under way can be resumed. */
  dispose(): Promise<void>;
}
