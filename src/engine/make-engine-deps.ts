import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { EngineDeps, WorkerHandle } from '../core/index.ts';
import { entryFile } from './entry-file.ts';
import { makeScratchDirectory } from './scratch-directory.ts';
import { startWorker } from './start-worker.ts';

/** What differs between the programs that run the engine. */
export type EngineSurroundings = Pick<EngineDeps, 'log' | 'emit' | 'environment' | 'engineVersion' | 'openEmbedded'>;

/** What core needs from outside, made from this process: clock, randomness, worker threads, a folder for private copies. */
export function makeEngineDeps(surroundings: EngineSurroundings): { readonly deps: EngineDeps; readonly removeScratch: () => void } {
  const scratchDirectory = makeScratchDirectory();
  const removeScratch = () => rmSync(scratchDirectory, { recursive: true, force: true });
  process.once('exit', removeScratch);
  const deps: EngineDeps = {
    ...surroundings,
    clock: { now: () => Date.now(), elapsed: () => performance.now() },
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    startWorker: () => startEngineWorker(),
    scratchDirectory,
    peakMemory: () => process.resourceUsage().maxRSS * 1024,
    processorCount: availableParallelism(),
  };
  return {
    deps,
    removeScratch: () => {
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
    new Worker(entryFile('../core/run/engine-worker.ts', './engine-worker.js'), {
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 2048 },
    }),
  );
}
