import type { MessagePort } from 'node:worker_threads';
import { fromErrorShape, MigrationError, toErrorShape, type ErrorShape } from '../../errors.ts';
import { deferred, type Deferred } from '../deferred.ts';
import { BridgedClient } from './bridged-client.ts';
import type { EmbeddedLink, EmbeddedMethod, EmbeddedRequests } from './embedded-link.ts';

interface PortRequest {
  readonly id: number;
  readonly method: EmbeddedMethod | 'kill';
  readonly params: unknown;
}

type PortAnswer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: ErrorShape };

let bridges = 0;

/** Serves the other end of `port` from `link`. When the other thread goes, its transactions are rolled back and its copies dropped. */
export function bridgeEmbeddedLink(link: EmbeddedLink, port: MessagePort): void {
  const client = new BridgedClient(link, `port-${++bridges}`);
  const answer = async ({ id, method, params }: PortRequest): Promise<void> => {
    try {
      const result = method === 'kill' ? await link.kill() : await client.request(method, params as never);
      port.postMessage({ id, result } satisfies PortAnswer, ownedBuffers(result));
    } catch (error) {
      port.postMessage({ id, error: toErrorShape(error) } satisfies PortAnswer);
    }
  };
  port.on('message', (request: PortRequest) => void answer(request));
  port.on('close', () => void client.vanish());
}

/** The link of another thread, reached through `port`. Closing it closes the port only. */
export function embeddedLinkOverPort(port: MessagePort, directory: string): EmbeddedLink {
  const waiting = new Map<number, Deferred<unknown>>();
  let last = 0;
  let closed = false;
  port.on('message', (answer: PortAnswer) => {
    const request = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) port.unref();
    if ('error' in answer) request?.reject(fromErrorShape(answer.error));
    else request?.resolve(answer.result);
  });
  port.on('close', () => {
    closed = true;
    for (const request of waiting.values()) request.reject(threadGone());
    waiting.clear();
  });
  // A thread that waits for nothing may end.
  port.unref();

  function send(method: PortRequest['method'], params: unknown): Promise<unknown> {
    if (closed) return Promise.reject(threadGone());
    const answer = deferred<unknown>();
    const id = ++last;
    waiting.set(id, answer);
    port.ref();
    port.postMessage({ id, method, params } satisfies PortRequest, ownedBuffers(params));
    return answer.promise;
  }

  return {
    directory,
    request: <M extends EmbeddedMethod>(method: M, params: EmbeddedRequests[M]['params']) =>
      send(method, params) as Promise<EmbeddedRequests[M]['result']>,
    kill: async () => void (await send('kill', null)),
    close: async () => port.close(),
  };
}

function threadGone(): MigrationError {
  return new MigrationError('embedded-stopped', { context: { detail: 'the thread that reaches it has ended' } });
}

/** Buffers of `chunk` and `chunks` that belong to nobody else move instead of being copied. */
function ownedBuffers(message: unknown): ArrayBuffer[] {
  const { chunk, chunks = chunk instanceof Uint8Array ? [chunk] : [] } = (message ?? {}) as {
    readonly chunk?: unknown;
    readonly chunks?: readonly Uint8Array[];
  };
  return chunks
    .filter((piece) => piece.byteLength === piece.buffer.byteLength && piece.byteLength > 0)
    .map((piece) => piece.buffer as ArrayBuffer);
}
