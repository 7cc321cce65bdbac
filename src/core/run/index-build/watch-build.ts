import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from '../../target/target.ts';

/** How far the server says that a build is. */
export interface BuildProgress {
  /** In PostgreSQL's and pgvector's words, e.g. "building index: loading tuples". */
  readonly step: string;
  /** Of this step, 0 to 100; null while the server does not say. */
  readonly percent: number | null;
}

/** A watch that is kept until `stop`. */
export interface BuildWatch {
  stop(): Promise<void>;
}

const intervalMs = 500;

/**
 * Asks every half second how far the index is that the backend `pid` builds, over a connection of its own that is opened when the build takes longer
 * than that. What goes wrong with it ends the watch and never the build: `onLost` is told.
 */
export function watchBuild(
  pid: number,
  open: () => Promise<Target>,
  onProgress: (progress: BuildProgress) => void,
  onLost: (error: unknown) => void,
): BuildWatch {
  const over = new AbortController();
  const watched = watch(pid, open, onProgress, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) onLost(error);
  });
  return {
    stop: () => {
      over.abort();
      return watched;
    },
  };
}

async function watch(
  pid: number,
  open: () => Promise<Target>,
  onProgress: (progress: BuildProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  await pause(intervalMs, undefined, { signal });
  const target = await open();
  try {
    let last = '';
    while (!signal.aborted) {
      const progress = await readProgress(target, pid);
      const told = JSON.stringify(progress);
      if (progress !== null && told !== last && !signal.aborted) onProgress(progress);
      last = told;
      await pause(intervalMs, undefined, { signal });
    }
  } finally {
    await target.close();
  }
}

async function readProgress(target: Target, pid: number): Promise<BuildProgress | null> {
  const found = (await target.query(progressQuery, [pid])).rows[0];
  if (found === undefined) return null;
  const percent = found['percent'];
  return { step: String(found['phase']), percent: percent === null ? null : Number(percent) };
}

/** Some steps count blocks and some rows. */
const progressQuery = `
SELECT phase, floor(100.0 * CASE WHEN blocks_total > 0 THEN blocks_done::numeric / blocks_total
  WHEN tuples_total > 0 THEN tuples_done::numeric / tuples_total END)::int AS percent
FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $1`;
