import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { EngineEvent, Log } from '../../core/engine-deps.ts';
import { MigrationError } from '../../core/errors.ts';
import { childEnvironment } from '../../engine/child-environment.ts';
import { fromRpcError } from '../../engine/rpc-errors.ts';
import { removeScratchOf } from '../../engine/scratch-directory.ts';
import type { EngineMethod, EngineNotifications, EngineRequests, EngineSettings } from '../../protocol/engine-protocol.ts';
import type { EmbeddedBroker } from '../embedded-broker.ts';
import type { SecretMask } from './secret-mask.ts';

export interface ProcessSettings {
  /** Absolute path of the engine's main.ts or the bundle of it. */
  readonly engineEntry: string;
  readonly engine: EngineSettings;
  readonly log: Log;
  readonly mask: SecretMask;
  readonly broker: EmbeddedBroker;
  readonly onEvent: (event: EngineEvent) => void;
}

/** Between a polite cancellation and the kill. A polite one takes less, unless a thread is inside a native call. */
const cancelGraceMs = 700;
/** For an engine that was told to end. It gives its own requests half a second. */
const endMs = 2000;
/** For the last words of one that has ended. */
const drainMs = 200;

/** One forked engine. */
export class EngineProcess {
  /** Resolves when the process is gone, with the error that requests get from then on. */
  readonly ended: Promise<MigrationError>;
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #log: Log;
  #ending: 'cancelled' | 'closed' | null = null;

  private constructor(settings: ProcessSettings) {
    this.#log = settings.log;
    this.#child = fork(settings.engineEntry, [], {
      serialization: 'advanced',
      execPath: process.execPath,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: childEnvironment(settings.engine.environment),
    });
    this.#connection = createMessageConnection(new IPCMessageReader(this.#child), new IPCMessageWriter(this.#child));
    // A process that dies makes its channel fail as well; the exit is what counts.
    this.#connection.onError(() => {});
    this.ended = this.#watch(settings, this.#listen(settings));
    this.#connection.listen();
  }

  /** Resolves when the engine is ready. Throws `native-missing`, `engine-not-started`, or `cancelled`. */
  static async start(settings: ProcessSettings, signal?: AbortSignal): Promise<EngineProcess> {
    const engine = new EngineProcess(settings);
    try {
      const environment = childEnvironment(settings.engine.environment);
      await engine.#send('configure', { ...settings.engine, environment }, signal, 0);
      return engine;
    } catch (error) {
      await engine.kill('closed');
      if (error instanceof MigrationError && ['native-missing', 'cancelled'].includes(error.code)) throw error;
      const stopped = error instanceof MigrationError && error.code === 'engine-stopped';
      const detail = (stopped ? error.context.detail : undefined) ?? (error as Error).message;
      throw new MigrationError('engine-not-started', { context: { detail }, cause: error });
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Why this side ended it: for a request that did not hear its cancellation, or because it is not needed; null = it runs or crashed. */
  get ending(): 'cancelled' | 'closed' | null {
    return this.#ending;
  }

  /** Throws what the engine throws, `cancelled` after an abort, and `engine-stopped` when the process ends meanwhile. */
  request<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<EngineRequests[M]['result']> {
    return this.#send(method, params, signal, cancelGraceMs);
  }

  /** Ends at once. Resolves when the process is gone. */
  async kill(ending: 'cancelled' | 'closed'): Promise<void> {
    this.#ending ??= ending;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Lets it stop what it does, then ends it. */
  async end(): Promise<void> {
    this.#ending ??= 'closed';
    const late = setTimeout(() => void this.#child.kill('SIGKILL'), endMs);
    if (this.#child.connected) this.#child.disconnect();
    await this.ended;
    clearTimeout(late);
  }

  async #send<T>(method: string, params: object, signal: AbortSignal | undefined, graceMs: number): Promise<T> {
    if (signal?.aborted) throw new MigrationError('cancelled');
    const token = new CancellationTokenSource();
    let late: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      token.cancel();
      late = setTimeout(() => void this.kill('cancelled'), graceMs);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#connection.sendRequest<T>(method, params, token.token);
    } catch (error) {
      // Without an answer the channel broke: the process is gone, or about to be.
      const known = fromRpcError(error, this.#child.connected) ?? (await this.ended);
      if (signal?.aborted && known.code !== 'cancelled') throw new MigrationError('cancelled', { cause: known });
      throw known;
    } finally {
      clearTimeout(late);
      signal?.removeEventListener('abort', cancel);
      token.dispose();
    }
  }

  #watch(settings: ProcessSettings, lastWords: () => string): Promise<MigrationError> {
    const vanish = settings.broker.serve(this.#connection);
    return new Promise((resolve) => {
      const over = (reason: string): void => {
        const detail = [reason, lastWords()].filter(Boolean).join('; ');
        if (this.#ending === null) this.#log.warn(`engine ${this.pid}: ended: ${detail}`);
        resolve(new MigrationError('engine-stopped', { context: { detail } }));
        this.#connection.dispose();
        void vanish();
        removeScratchOf(this.pid);
      };
      this.#child.once('error', (error) => over(error.message));
      // `close` never comes when this side has disconnected.
      this.#child.once('exit', (code, signal) => {
        void this.#drained().then(() => over(signal === null ? `exit code ${code}` : `signal ${signal}`));
      });
    });
  }

  /** Resolves when everything that the process has said is read. */
  async #drained(): Promise<void> {
    const streams = [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
    await Promise.race([Promise.allSettled(streams.map((stream) => finished(stream))), sleep(drainMs)]);
  }

  /** Whatever the engine says goes to the log, without secrets. Returns the last lines of its stderr. */
  #listen({ log, mask, onEvent }: ProcessSettings): () => string {
    const lastLines: string[] = [];
    const say = (level: keyof Log, text: string): string => {
      const masked = mask.apply(text);
      log[level](`engine ${this.pid}: ${masked}`);
      return masked;
    };
    if (this.#child.stdout !== null) createInterface(this.#child.stdout).on('line', (line) => say('debug', line));
    if (this.#child.stderr !== null) {
      createInterface(this.#child.stderr).on('line', (line) => {
        lastLines.push(say('warn', line));
        if (lastLines.length > 20) lastLines.shift();
      });
    }
    this.#connection.onNotification('log', ({ level, message }: EngineNotifications['log']) => void say(level, message));
    this.#connection.onNotification('event', (event: EngineEvent) => onEvent(event));
    return () => errorLine(lastLines);
  }
}

/** Node ends an uncaught error with a stack; the line that names the error says most. */
function errorLine(lines: readonly string[]): string {
  return (lines.findLast((line) => /^\w*Error\b.*:/.test(line)) ?? lines.findLast((line) => line.trim() !== '') ?? '').trim();
}
