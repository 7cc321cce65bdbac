import { panelProtocolVersion, type ToHost, type ToPanel } from '../../src/protocol/panel-protocol.ts';
import { PanelError, SupersededError } from './panel-error.ts';

/** What the editor gives to a page, once. */
interface EditorApi {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** Methods of a panel, as its protocol file declares them. */
export type MethodsOf<M> = { readonly [K in keyof M]: { readonly params: unknown; readonly result: unknown } };

export interface CallOptions {
  /** A newer call of the same lane makes this one's answer unwanted: it is cancelled and rejects with SupersededError. */
  readonly lane?: string;
  /** Aborting cancels the request; the call rejects with SupersededError. */
  readonly signal?: AbortSignal;
}

export interface Messenger<M extends MethodsOf<M>> {
  /** Asks the host. Rejects with PanelError (the host's error) or SupersededError. */
  call<K extends keyof M & string>(method: K, params: M[K]['params'], options?: CallOptions): Promise<M[K]['result']>;
  /** Events that nobody asked for. Returns what stops listening. */
  on(event: string, listener: (payload: unknown) => void): () => void;
  /** What the editor keeps for this page across reloads. */
  state<S>(): { get(): S | undefined; set(state: S): void };
}

interface Waiting {
  readonly lane: string | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Connects the page with its host side. To be called once: the editor gives its API away only once. */
export function connect<M extends MethodsOf<M>>(): Messenger<M> {
  const api = acquireVsCodeApi();
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  let lastId = 0;

  window.addEventListener('message', (event: MessageEvent<ToPanel | undefined>) => {
    const message = event.data;
    if (typeof message !== 'object' || message === null || !('v' in message)) return;
    if (message.v !== panelProtocolVersion) throw new PanelError(stalePage);
    if ('event' in message) listeners.get(message.event)?.forEach((listener) => listener(message.payload));
    else settle(message);
  });

  function settle(message: Exclude<ToPanel, { readonly event: string }>): void {
    const request = waiting.get(message.id);
    // Cancelled: the answer was already under way.
    if (request === undefined) return;
    waiting.delete(message.id);
    if ('error' in message) request.reject(new PanelError(message.error));
    else request.resolve(message.result);
  }

  function cancel(id: number): void {
    const request = waiting.get(id);
    if (request === undefined) return;
    waiting.delete(id);
    api.postMessage({ v: panelProtocolVersion, cancel: id });
    request.reject(new SupersededError());
  }

  function call(method: string, params: unknown, options: CallOptions = {}): Promise<unknown> {
    const { lane, signal } = options;
    if (lane !== undefined) for (const [id, request] of waiting) if (request.lane === lane) cancel(id);
    if (signal?.aborted === true) return Promise.reject(new SupersededError());
    const id = ++lastId;
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { lane, resolve, reject }));
    const onAbort = (): void => cancel(id);
    signal?.addEventListener('abort', onAbort, { once: true });
    api.postMessage({ v: panelProtocolVersion, id, method, params });
    return answer.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  return {
    call,
    on(event, listener) {
      const known = listeners.get(event) ?? new Set();
      listeners.set(event, known.add(listener));
      return () => known.delete(listener);
    },
    state: <S>() => ({ get: () => api.getState() as S | undefined, set: (state: S) => api.setState(state) }),
  };
}

const stalePage = {
  code: 'panel-outdated',
  kind: 'terminal',
  message: 'This tab was opened by another version of Sluice.',
  remedy: 'Close it and open it again.',
  context: {},
} as const;
