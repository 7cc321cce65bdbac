import type { Worker } from 'node:worker_threads';
import { MigrationError, type WorkerHandle } from '../core/index.ts';

/** A worker thread in the shape that core knows. */
export function startWorker(worker: Worker): WorkerHandle {
  let failure: Error | null = null;
  let ending = false;
  worker.on('error', (error) => {
    failure = error instanceof Error ? error : new MigrationError('internal', { context: { detail: String(error) } });
  });
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    onMessage: (listener) => void worker.on('message', listener),
    onExit: (listener) =>
      void worker.on('exit', (code) => {
        if (failure === null && code !== 0 && !ending) {
          failure = new MigrationError('internal', { context: { detail: `a worker thread ended with code ${code}` } });
        }
        listener(failure);
      }),
    terminate: async () => {
      ending = true;
      await worker.terminate();
    },
  };
}
