import type { EngineEvent, Log } from '../../core/engine-deps.ts';
import { MigrationError, toMigrationError } from '../../core/errors.ts';
import type { TargetChoice } from '../../core/index.ts';
import type { EngineMethod, EngineRequests } from '../../protocol/engine-protocol.ts';
import { EmbeddedBroker } from '../embedded-broker.ts';
import { Emitter } from '../emitter.ts';
import type { Engines, RunCallOptions } from '../engines.ts';
import { BrowsingEngine } from './browsing-engine.ts';
import { EngineProcess } from './engine-process.ts';
import { SecretMask } from './secret-mask.ts';

export interface EnginesSettings {
  /** Absolute paths of the entries, bundled or not. */
  readonly engineEntry: string;
  readonly embeddedEntry: string;
  /** Of the editor; engines get it without the editor's own variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly engineVersion: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds after which an unused embedded process lets go of its directory. Default 30 s. */
  readonly embeddedIdleMs?: number;
}

/** Nothing is started here: engines start at their first use. */
export function createEngines(settings: EnginesSettings): Engines {
  const { log, engineEntry, environment, engineVersion } = settings;
  const mask = new SecretMask();
  mask.learn(environment);
  const broker = new EmbeddedBroker({
    embeddedEntry: settings.embeddedEntry,
    log,
    ...(settings.embeddedIdleMs === undefined ? {} : { idleMs: settings.embeddedIdleMs }),
  });
  const start = (onEvent: (event: EngineEvent) => void, signal?: AbortSignal): Promise<EngineProcess> =>
    EngineProcess.start({ engineEntry, engine: { environment: { ...environment }, engineVersion }, log, mask, broker, onEvent }, signal);
  const told = new Emitter<EngineEvent>();
  const browsing = new BrowsingEngine({ start: () => start((event) => told.fire(event)), now: settings.now, log });
  const alone = new Set<EngineProcess>();
  let disposed = false;

  async function runAlone<M extends EngineMethod>(method: M, params: EngineRequests[M]['params'], { signal, onEvent }: RunCallOptions) {
    if (disposed) throw new MigrationError('engine-stopped', { context: { detail: 'the editor is closing' } });
    mask.learn(params);
    let runId: string | undefined;
    const engine = await start((event) => {
      if ('runId' in event) runId = event.runId ?? runId;
      onEvent(event);
    }, signal);
    if (disposed) void engine.end();
    alone.add(engine);
    void engine.ended.then(() => alone.delete(engine));
    try {
      return await engine.request(method, params, signal);
    } catch (error) {
      // What the killed engine had sent to the embedded process would go on there, transaction and all.
      if (engine.ending === 'cancelled') await killEmbedded(broker, params);
      throw withRunId(toMigrationError(error), runId);
    } finally {
      void engine.end();
    }
  }

  return {
    async browse(method, params, signal) {
      mask.learn(params);
      return browsing.request(method, params, signal);
    },
    runAlone,
    onDidTell: told.event,
    get state() {
      return browsing.state;
    },
    onDidChangeState: browsing.onDidChangeState,
    restart: () => browsing.restart(),
    async dispose() {
      disposed = true;
      told.dispose();
      await Promise.allSettled([browsing.dispose(), ...[...alone].map((engine) => engine.end())]);
      await broker.dispose();
    },
  };
}

async function killEmbedded(broker: EmbeddedBroker, params: object): Promise<void> {
  const { target } = params as { readonly target?: TargetChoice };
  if (target?.kind === 'embedded') await broker.kill(target.directory);
}

/** A killed engine could not say which run it was. */
function withRunId(error: MigrationError, runId: string | undefined): MigrationError {
  if (runId === undefined || error.context['runId'] !== undefined) return error;
  return new MigrationError(error.code, { context: { ...error.context, runId }, kind: error.kind, cause: error.cause });
}
