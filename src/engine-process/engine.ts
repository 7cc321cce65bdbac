import type { MessageConnection } from 'vscode-jsonrpc/node';
import { MigrationError } from '../core/errors.ts';
import type { Log } from '../core/index.ts';
import { BrowseSession } from '../core/run/browse/browse-session.ts';
import { makeEngineDeps } from '../engine/make-engine-deps.ts';
import type { EngineMethod, EngineNotifications, EngineSettings } from '../protocol/engine-protocol.ts';
import { engineMethods } from './engine-methods.ts';
import { openForwardedLink } from './forwarded-link.ts';

/** The engine of this process, behind its channel. */
export interface Engine {
  /** Throws `cancelled`, and whatever core throws. */
  answer(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  /** Resolves when no request is under way and nothing is open. */
  close(): Promise<void>;
  removeScratch(): void;
}

/** The engine process's composition root. `connection` leads to the host; `onOverrun` is told when only the end of the process can free its threads. */
export function createEngine(settings: EngineSettings, connection: MessageConnection, onOverrun: (reason: string) => void): Engine {
  const notify = <N extends keyof EngineNotifications>(name: N, content: EngineNotifications[N]): void => {
    // Nobody listens when the host has gone.
    connection.sendNotification(name, content).catch(() => {});
  };
  const log = (level: keyof Log) => (message: string) => notify('log', { level, message });
  const { deps, removeScratch } = makeEngineDeps({
    ...settings,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    emit: (event) => notify('event', event),
    openEmbedded: (directory) => openForwardedLink(connection, directory),
  });
  const session = new BrowseSession(deps, { onOverrun });
  const running = new Set<Promise<unknown>>();

  async function answer(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    if (!Object.hasOwn(engineMethods, method)) throw new MigrationError('internal', { context: { detail: `no method ${method}` } });
    return engineMethods[method as EngineMethod](params as never, { deps, session, signal });
  }

  return {
    async answer(method, params, signal) {
      const work = answer(method, params, signal);
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    async close() {
      await Promise.allSettled(running);
      await session.close();
    },
    removeScratch,
  };
}
