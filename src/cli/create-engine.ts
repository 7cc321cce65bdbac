import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { EngineDeps, EngineEvent, Log, WorkerHandle } from '../core/index.ts';
import type { EmbeddedLink } from '../core/target/embedded/embedded-link.ts';
import { forkEmbedded } from '../embedded-process/fork-embedded.ts';
import { engineVersion } from './engine-version.ts';
import { makeScratchDirectory } from './scratch-directory.ts';
import { startWorker } from './start-worker.ts';

export interface Engine {
  readonly deps: EngineDeps;
  /** Ends what was started and removes the private copies. */
  close(): Promise<void>;
}

export interface EngineSettings {
  readonly log: Log;
  readonly emit: (event: EngineEvent) => void;
  readonly environment: EngineDeps['environment'];
}

/** The command line's only composition root: everything that core needs from outside is made here. */
export function createEngine(settings: EngineSettings): Engine {
  const scratchDirectory = makeScratchDirectory();
  const removeScratch = () => rmSync(scratchDirectory, { recursive: true, force: true });
  process.once('exit', removeScratch);

  const links = new Set<EmbeddedLink>();
  const deps: EngineDeps = {
    log: settings.log,
    clock: { now: () => Date.now(), elapsed: () => performance.now() },
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    emit: settings.emit,
    startWorker: () => startEngineWorker(),
    openEmbedded: async (directory) => {
      const link = await forkEmbedded(entry('../embedded-process/main.ts', './embedded-process.js'), directory, { log: settings.log });
      links.add(link);
      return link;
    },
    environment: settings.environment,
    engineVersion,
    scratchDirectory,
    peakMemory: () => process.resourceUsage().maxRSS * 1024,
    processorCount: availableParallelism(),
  };
  return {
    deps,
    async close() {
      await Promise.allSettled([...links].map((link) => link.close()));
      process.off('exit', removeScratch);
      removeScratch();
    },
  };
}

function startEngineWorker(): WorkerHandle {
  // A loader makes short-lived garbage as fast as it can, and V8 would let every thread's heap grow to several times what is alive. A young
  // generation that holds a few batches keeps it from growing old, and the flag, which is for threads that start from here on, bounds the rest;
  // measured with two threads: 100 MB less at the peak.
  setFlagsFromString('--heap-growing-percent=20');
  return startWorker(
    new Worker(entry('../core/run/engine-worker.ts', './engine-worker.js'), {
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 2048 },
    }),
  );
}

/** Node runs the sources themselves as well as the bundle; each has its own entry files. */
function entry(inSources: string, inBundle: string): URL {
  return new URL(import.meta.url.endsWith('.ts') ? inSources : inBundle, import.meta.url);
}
