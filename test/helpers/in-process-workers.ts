import type { MessagePort } from 'node:worker_threads';
import type { WorkerHandle } from '../../src/core/engine-deps.ts';
import { toErrorShape } from '../../src/core/errors.ts';
import type { FromWorker, ToWorker } from '../../src/core/run/worker-messages.ts';
import { WorkerSession } from '../../src/core/run/worker-session.ts';
import { workerTasks } from '../../src/core/run/worker-tasks.ts';
import type { Source, SourceSnapshot } from '../../src/core/sources/source.ts';
import type { Target, TargetAddress } from '../../src/core/target/target.ts';

/**
 * A worker thread's work on the thread of the test, for thousands of tiny runs: starting a thread takes longer than any of them. Messages are cloned as
 * between threads, and what it left open is closed when it is ended. For `EngineDeps.startWorker`.
 */
export function startInProcessWorker(): WorkerHandle {
  const session = new TrackingSession();
  const listeners: ((message: unknown) => void)[] = [];
  const running = new Map<number, AbortController>();
  const ports: MessagePort[] = [];
  const tell = (message: FromWorker): void => listeners.forEach((listener) => listener(structuredClone(message)));
  const perform = async ({ id, task, params }: Extract<ToWorker, { type: 'start' }>): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const result = await workerTasks[task](structuredClone(params) as never, {
        session,
        signal: controller.signal,
        elapsed: () => performance.now(),
        onProgress: (progress) => tell({ type: 'progress', id, progress }),
      });
      tell({ type: 'result', id, result });
    } catch (error) {
      tell({ type: 'failed', id, error: toErrorShape(error) });
    } finally {
      running.delete(id);
    }
  };
  return {
    post: (message) => {
      const request = message as ToWorker;
      if (request.type === 'embedded-port') {
        ports.push(request.port);
        session.setEmbeddedPort(request.directory, request.port);
      } else if (request.type === 'abort') running.get(request.id)?.abort();
      else void perform(request);
    },
    onMessage: (listener) => void listeners.push(listener),
    onExit: () => undefined,
    terminate: async () => {
      running.forEach((controller) => controller.abort());
      await session.close();
      for (const port of ports) port.close();
    },
  };
}

class TrackingSession extends WorkerSession {
  readonly #opened = new Set<Promise<Source | Target>>();

  override source(snapshot: SourceSnapshot): Promise<Source> {
    return this.#tracked(super.source(snapshot));
  }

  override target(address: TargetAddress): Promise<Target> {
    return this.#tracked(super.target(address));
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened);
    const open = new Set(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    await Promise.allSettled([...open].map((one) => one.close()));
  }

  #tracked<T extends Source | Target>(opening: Promise<T>): Promise<T> {
    this.#opened.add(opening);
    return opening;
  }
}
