import { fork, type ChildProcess } from 'node:child_process';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError, type MessageConnection } from 'vscode-jsonrpc/node';
import type { Log } from '../core/engine-deps.ts';
import { fromErrorShape, MigrationError, type ErrorShape } from '../core/errors.ts';
import { childEnvironment } from '../engine/child-environment.ts';
import { openMethod, type OpenParams } from './open-request.ts';

/** A forked process that has its directory open. */
export interface EmbeddedChild {
  request<T>(method: string, params: object): Promise<T>;
  /** Resolves when the process is gone, with the error that requests get from then on. */
  readonly ended: Promise<MigrationError>;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Forks `entry` and waits until it has opened the directory. Throws `embedded-in-use` or `embedded-not-started`. */
export async function startEmbeddedChild(entry: string, params: OpenParams, log: Log): Promise<EmbeddedChild> {
  const process = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: childEnvironment(globalThis.process.env),
  });
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  // A process that dies makes its channel fail as well; the exit is what counts.
  connection.onError(() => {});
  const ended = watchEnd(process, connection, log);
  connection.listen();
  const child = {
    request: <T>(method: string, parameters: object) => send<T>(connection, ended, method, parameters),
    ended,
    kill: async () => {
      process.kill('SIGKILL');
      await ended;
    },
  };
  try {
    await child.request(openMethod, params);
    return child;
  } catch (error) {
    await child.kill();
    if (error instanceof MigrationError && error.code !== 'embedded-stopped') throw error;
    throw new MigrationError('embedded-not-started', {
      context: { directory: params.directory, detail: (error as Error).message },
      cause: error,
    });
  }
}

function watchEnd(process: ChildProcess, connection: MessageConnection, log: Log): Promise<MigrationError> {
  let lastWords = '';
  process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
    log.debug(`embedded PostgreSQL: ${text.trimEnd()}`);
  });
  return new Promise((resolve) => {
    const over = (reason: string): void => {
      resolve(
        new MigrationError('embedded-stopped', {
          context: { detail: [reason, ...lastWords.trim().split('\n').slice(-3)].filter(Boolean).join('; ') },
        }),
      );
      connection.dispose();
    };
    process.once('error', (error) => over(error.message));
    process.once('close', (code, signal) => over(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

async function send<T>(connection: MessageConnection, ended: Promise<MigrationError>, method: string, params: object): Promise<T> {
  try {
    return await connection.sendRequest<T>(method, params);
  } catch (error) {
    const shape = error instanceof ResponseError ? (error.data as ErrorShape | undefined) : undefined;
    if (shape !== undefined) throw fromErrorShape(shape);
    // The channel broke: the process is gone, or about to be.
    throw await ended;
  }
}
