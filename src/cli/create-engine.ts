import type { EngineDeps, EngineEvent, Log } from '../core/index.ts';
import type { EmbeddedLink } from '../core/target/embedded/embedded-link.ts';
import { forkEmbedded } from '../embedded-process/fork-embedded.ts';
import { entryFile } from '../engine/entry-file.ts';
import { makeEngineDeps } from '../engine/make-engine-deps.ts';
import { engineVersion } from './engine-version.ts';

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
  const links = new Set<EmbeddedLink>();
  const { deps, removeScratch } = makeEngineDeps({
    ...settings,
    engineVersion,
    openEmbedded: async (directory) => {
      const link = await forkEmbedded(entryFile('../embedded-process/main.ts', './embedded-process.js'), directory, { log: settings.log });
      links.add(link);
      return link;
    },
  });
  return {
    deps,
    async close() {
      await Promise.allSettled([...links].map((link) => link.close()));
      removeScratch();
    },
  };
}
