import { parentPort } from 'node:worker_threads';
import { MigrationError, toErrorShape } from '../errors.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import { WorkerSession } from './worker-session.ts';
import { workerTasks } from './worker-tasks.ts';

/** Entry of a worker thread: takes one task at a time, tells progress, hears aborts between batches. */
if (parentPort !== null) {
  const port = parentPort;
  const session = new WorkerSession();
  const running = new Map<number, AbortController>();
  const post = (message: FromWorker): void => port.postMessage(message);

  port.on('message', (message: ToWorker) => {
    if (message.type === 'embedded-port') session.setEmbeddedPort(message.directory, message.port);
    else if (message.type === 'abort') running.get(message.id)?.abort();
    else void perform(message);
  });

  async function perform(message: Extract<ToWorker, { type: 'start' }>): Promise<void> {
    const controller = new AbortController();
    running.set(message.id, controller);
    session.signal = controller.signal;
    try {
      const result = await workerTasks[message.task](message.params as never, {
        session,
        signal: controller.signal,
        elapsed: () => performance.now(),
        onProgress: (progress) => post({ type: 'progress', id: message.id, progress }),
      });
      post({ type: 'result', id: message.id, result });
    } catch (error) {
      post({ type: 'failed', id: message.id, error: toErrorShape(controller.signal.aborted ? new MigrationError('cancelled') : error) });
    } finally {
      running.delete(message.id);
    }
  }
}
