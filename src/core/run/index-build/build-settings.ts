import type { VectorIndexBuild } from '../../model/statement.ts';
import type { TargetSession } from '../../target/target.ts';
import { ivfflatBuildBytes } from '../../mapping/ivfflat-lists.ts';

/** What a server's settings tell of its memory and its processes. Bytes. */
export interface ServerResources {
  /** maintenance_work_mem as the server, the database or the role sets it. */
  readonly maintenanceMemory: number;
  readonly sharedBuffers: number;
  /** null: nobody has set it, so that it says nothing of this machine. */
  readonly cacheSize: number | null;
  /** max_parallel_maintenance_workers. */
  readonly maintenanceWorkers: number;
  /** The smaller of max_parallel_workers and max_worker_processes. */
  readonly mostWorkers: number;
}

export interface BuildSettings {
  readonly maintenanceMemory: number;
  readonly maintenanceWorkers: number;
}

const megabyte = 2 ** 20;
/** PostgreSQL's own default of shared_buffers, which every untouched server has. */
const untouchedBuffers = 128 * megabyte;
/** For a server that tells nothing of its memory. */
const unknownMost = 512 * megabyte;

/**
 * Settings for the build of one index (docs/adr/0025): memory for what it needs, within a quarter of the server's, and never less than its administrator
 * gives every such build; as many workers as the run loads with. `rows` null: no index of pgvector.
 */
export function chooseBuildSettings(
  resources: ServerResources,
  build: { readonly index: VectorIndexBuild; readonly rows: number; readonly lists: number | null } | null,
  jobs: number,
): BuildSettings {
  const { maintenanceMemory: own, maintenanceWorkers } = resources;
  if (build === null) return { maintenanceMemory: Math.max(own, Math.min(unknownMost, mostBuildMemory(resources))), maintenanceWorkers };
  const needed = neededBytes(build);
  // k-means gives up where its samples do not fit, so that it gets what its lists need.
  const most = build.index.method === 'ivfflat' ? needed : mostBuildMemory(resources);
  return {
    maintenanceMemory: Math.max(own, Math.min(needed, most)),
    // 0 says that somebody wants none.
    maintenanceWorkers: maintenanceWorkers === 0 ? 0 : Math.max(maintenanceWorkers, Math.min(jobs, resources.mostWorkers)),
  };
}

/**
 * A quarter of the server's memory as its settings imply it: effective_cache_size, where somebody has set it, is about three quarters of the memory;
 * shared_buffers, where somebody has raised it, about one quarter. Else 512 MB.
 */
export function mostBuildMemory({ maintenanceMemory, sharedBuffers, cacheSize }: ServerResources): number {
  const implied = [...(cacheSize === null ? [] : [cacheSize / 3]), ...(sharedBuffers > untouchedBuffers ? [sharedBuffers] : [])];
  return Math.max(maintenanceMemory, implied.length === 0 ? unknownMost : Math.max(...implied));
}

/** With a tenth above, since rows differ from their average. */
export function neededBytes({
  index,
  rows,
  lists,
}: {
  readonly index: VectorIndexBuild;
  readonly rows: number;
  readonly lists: number | null;
}): number {
  const bytes = index.method === 'hnsw' ? rows * index.graphBytes : ivfflatBuildBytes(lists ?? 1, index.valueBytes);
  return Math.ceil(bytes * 1.1) + 16 * megabyte;
}

export async function readServerResources(session: TargetSession): Promise<ServerResources> {
  const found = (await session.query(resourcesQuery)).rows[0] ?? {};
  const number = (name: string): number => Number(found[name]);
  return {
    maintenanceMemory: number('maintenance_memory'),
    sharedBuffers: number('shared_buffers'),
    cacheSize: found['cache_size'] === null ? null : number('cache_size'),
    maintenanceWorkers: number('maintenance_workers'),
    mostWorkers: number('most_workers'),
  };
}

/** For the rest of the transaction. A role may have silenced the notices in which pgvector says that its memory was too small. */
export async function applyBuildSettings(session: TargetSession, { maintenanceMemory, maintenanceWorkers }: BuildSettings): Promise<void> {
  await session.query(
    `SELECT set_config('maintenance_work_mem', $1, true), set_config('max_parallel_maintenance_workers', $2, true),
      set_config('client_min_messages', 'notice', true)`,
    [`${Math.ceil(maintenanceMemory / 1024)}kB`, String(maintenanceWorkers)],
  );
}

const resourcesQuery = `
SELECT pg_size_bytes(current_setting('maintenance_work_mem')) AS maintenance_memory,
  pg_size_bytes(current_setting('shared_buffers')) AS shared_buffers,
  (SELECT pg_size_bytes(current_setting(name)) FROM pg_catalog.pg_settings WHERE name = 'effective_cache_size' AND source <> 'default') AS cache_size,
  current_setting('max_parallel_maintenance_workers')::int AS maintenance_workers,
  least(current_setting('max_parallel_workers')::int, current_setting('max_worker_processes')::int) AS most_workers`;
