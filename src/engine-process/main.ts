import { setTimeout as sleep } from 'node:timers/promises';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, type CancellationToken } from 'vscode-jsonrpc/node';
import { MigrationError } from '../core/errors.ts';
import { toResponseError } from '../engine/rpc-errors.ts';
import type { EngineSettings } from '../protocol/engine-protocol.ts';
import type { Engine } from './engine.ts';
import { requireNatives } from './require-natives.ts';

/**
 * Entry of a forked engine. Its first request is `configure`; the rest are those of EngineRequests. Nothing native is loaded before, so that a part
 * that is missing is told and no crash. Ends when its parent goes; the terminal's Ctrl-C is the parent's business.
 */
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const running = new Set<AbortController>();
let engine: Promise<Engine> | null = null;

/** How long requests under way may take to stop when the parent has gone. A thread inside a native call does not. */
const partingMs = 500;

connection.onRequest('configure', async (settings: EngineSettings) => {
  try {
    engine ??= startEngine(settings);
    await engine;
    return null;
  } catch (error) {
    return toResponseError(error);
  }
});
connection.onRequest(answer);
// A channel that breaks means that the parent has gone, and that is told by `disconnect`.
connection.onError(() => {});
process.on('disconnect', () => void leave());
process.on('SIGTERM', () => void leave());
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
connection.listen();

async function startEngine(settings: EngineSettings): Promise<Engine> {
  await requireNatives();
  const { createEngine } = await import('./engine.ts');
  return createEngine(settings, connection, end);
}

async function answer(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
  const controller = new AbortController();
  const listener = token.onCancellationRequested(() => controller.abort());
  running.add(controller);
  try {
    if (engine === null) throw new MigrationError('internal', { context: { detail: `${method} came before configure` } });
    return await (await engine).answer(method, params, controller.signal);
  } catch (error) {
    return toResponseError(error);
  } finally {
    listener.dispose();
    running.delete(controller);
  }
}

/** The host reads the reason, and starts another engine at the next use. */
function end(reason: string): void {
  process.stderr.write(`Error: ${reason}\n`, () => process.kill(process.pid, 'SIGKILL'));
}

/** Statements on a server are cancelled; then the process ends itself as hard as can be, since an exit would wait for threads in native calls. */
async function leave(): Promise<void> {
  for (const controller of running) controller.abort();
  const started = await engine?.catch(() => null);
  try {
    await Promise.race([started?.close(), sleep(partingMs)]);
    started?.removeScratch();
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}
