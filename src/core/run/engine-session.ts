import { MessageChannel } from 'node:worker_threads';
import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import { workerApplicationName } from '../state/run-lock.ts';
import { bridgeEmbeddedLink } from '../target/embedded/embedded-port.ts';
import type { EmbeddedLink } from '../target/embedded/embedded-link.ts';
import { openTarget } from '../target/open-target.ts';
import type { PostgresConnection, Target, TargetAddress } from '../target/target.ts';
import { createDatabase } from './create-database.ts';
import type { TargetChoice } from './requests.ts';
import { WorkerPool } from './worker-pool.ts';

/** Name of the engine's own session in pg_stat_activity. */
const controlApplicationName = 'sluice';

/** What one command of the engine holds open: worker threads and, when the command needs one, a target. Closed by whoever opened it. */
export class EngineSession {
  readonly pool: WorkerPool;
  readonly #deps: EngineDeps;
  #link: EmbeddedLink | null = null;
  #target: Target | null = null;
  #madeDatabase: string | null = null;

  constructor(deps: EngineDeps, jobs: number) {
    this.#deps = deps;
    this.pool = new WorkerPool(jobs, deps.startWorker, () => this.#greet());
  }

  /** Name of the database that `openTarget` made; null = none. */
  get madeDatabase(): string | null {
    return this.#madeDatabase;
  }

  /** Opens the engine's own session on the target. `createDatabase`: makes the database first when it is missing. `anyPooling`: see PostgresTargetOptions. */
  async openTarget(
    choice: TargetChoice,
    options: { readonly createDatabase?: boolean; readonly anyPooling?: boolean } = {},
  ): Promise<Target> {
    if (choice.kind === 'embedded') {
      if (this.#link === null) {
        this.#link = await this.#deps.openEmbedded(choice.directory);
        this.pool.greetStarted();
      }
      return (this.#target = await openTarget({ kind: 'embedded', directory: choice.directory }, { embedded: this.#link }));
    }
    const { anyPooling = false } = options;
    try {
      return (this.#target = await openTarget(controlAddress(choice.connection), { anyPooling }));
    } catch (error) {
      if (options.createDatabase !== true || !(error instanceof MigrationError) || error.code !== 'no-such-database') throw error;
      if ((await createDatabase(choice.connection)) === 'created') this.#madeDatabase = choice.connection.database;
      return (this.#target = await openTarget(controlAddress(choice.connection), { anyPooling }));
    }
  }

  /** One more session on a target that has several; whoever asks for it closes it. */
  openBeside(choice: TargetChoice): Promise<Target> {
    return openTarget(choice.kind === 'embedded' ? { kind: 'embedded', directory: choice.directory } : controlAddress(choice.connection), {
      ...(this.#link === null ? {} : { embedded: this.#link }),
    });
  }

  /** How worker threads reach the target; null runId = for reading only. */
  workerAddress(choice: TargetChoice, runId: string | null): TargetAddress {
    if (choice.kind === 'embedded') return { kind: 'embedded', directory: choice.directory };
    return {
      kind: 'postgres',
      connection: choice.connection,
      applicationName: runId === null ? controlApplicationName : workerApplicationName(runId),
    };
  }

  /** Drops everything at once, without waiting for native calls or the server. */
  async abandon(): Promise<void> {
    void this.pool.close();
    await this.#link?.kill();
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.#target?.close().catch(() => undefined);
    await this.#link?.close().catch(() => undefined);
  }

  #greet(): ReturnType<ConstructorParameters<typeof WorkerPool>[2]> {
    if (this.#link === null) return null;
    const channel = new MessageChannel();
    bridgeEmbeddedLink(this.#link, channel.port1);
    return { directory: this.#link.directory, port: channel.port2 };
  }
}

function controlAddress(connection: PostgresConnection): TargetAddress {
  return { kind: 'postgres', connection, applicationName: controlApplicationName };
}
