import type { MessagePort } from 'node:worker_threads';
import type { ErrorShape } from './errors.ts';
import type { PreflightReport } from './model/preflight.ts';
import type { Warning } from './model/run.ts';
import type { MapStage } from './model/vector-map.ts';
import type { EmbeddedLink } from './target/embedded/embedded-link.ts';

/** Diagnostic log. Never row values, never secrets. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface Clock {
  /** Milliseconds since 1970, for what is stored. */
  readonly now: () => number;
  /** Milliseconds from an arbitrary start, for durations. */
  readonly elapsed: () => number;
}

/** `bytes` random bytes as lower-case hexadecimal digits. */
export type RandomHex = (bytes: number) => string;

/** `compare`: mode sync looks in all rows for what has changed. `search`: near-duplicates are looked for. `embed`: embeddings are computed. `health`: vectors are examined. These three are no part of a run. */
export type Phase =
  'open' | 'profile' | 'preflight' | 'pre-data' | 'compare' | 'data' | 'post-data' | 'verify' | 'search' | 'embed' | 'health';

/** What a run tells while it goes on; the CLI prints them, the editor draws them. */
export type EngineEvent =
  | { readonly type: 'phase'; readonly phase: Phase; readonly runId?: string }
  | { readonly type: 'table'; readonly phase: Phase; readonly table: string; readonly state: 'start' | 'done'; readonly rows?: number }
  | {
      readonly type: 'table';
      readonly phase: 'data';
      readonly table: string;
      readonly state: 'rows';
      /** Read and committed so far, rejected ones included; as in `progress`. */
      readonly rows: number;
      readonly totalRows: number | null;
    }
  | {
      readonly type: 'progress';
      readonly phase: Phase;
      readonly rows: number;
      readonly totalRows: number | null;
      readonly bytes: number;
      /** Rows a second over the last few seconds. */
      readonly rate: number;
      readonly secondsLeft: number | null;
    }
  | {
      /** A store of many files is being opened. */
      readonly type: 'files';
      readonly phase: 'open';
      /** Looking for them, or reading them all for the first time. */
      readonly state: 'finding' | 'reading';
      readonly files: number;
      /** null while they are looked for. */
      readonly totalFiles: number | null;
      /** Read so far. */
      readonly bytes: number;
    }
  | {
      readonly type: 'index';
      readonly phase: 'post-data';
      /** Index or key that is being built. */
      readonly index: string;
      readonly table: string | null;
      readonly state: 'start' | 'building' | 'done';
      /** What the server does, in its words; null while nobody has asked it, and always where a target has one session. */
      readonly step: string | null;
      /** Of this step, 0 to 100; null where the server does not say. */
      readonly percent: number | null;
    }
  /** A vector map is being made; `request` is what the request for it said. */
  | { readonly type: 'map'; readonly request: string; readonly stage: MapStage; readonly done: number; readonly total: number }
  | {
      /** A column is read once more. */
      readonly type: 'scan';
      readonly phase: 'health';
      readonly scan: 'norms' | 'spread' | 'duplicates' | 'constant-dimensions' | 'examples';
      /** From 0. */
      readonly at: number;
      readonly of: number;
    }
  | { readonly type: 'preflight'; readonly report: PreflightReport }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'done'; readonly runId: string; readonly status: string; readonly error?: ErrorShape };

export type EventSink = (event: EngineEvent) => void;

/** A worker thread as core sees it: a structured-clone channel. Entry files differ between source tree and bundle, so the composition root starts them. */
export interface WorkerHandle {
  post(message: unknown, transfer?: readonly (ArrayBuffer | MessagePort)[]): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (error: Error | null) => void): void;
  terminate(): Promise<void>;
}

/** Everything core needs from outside. Built once by a composition root (cli/create-engine.ts, later host/create-host.ts). */
export interface EngineDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly emit: EventSink;
  readonly startWorker: () => WorkerHandle;
  /** Opens the process that owns the embedded PostgreSQL in `directory` (absolute path), or reports who else holds it. */
  readonly openEmbedded: (directory: string) => Promise<EmbeddedLink>;
  /** Environment variables, read by nothing else in core. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly engineVersion: string;
  /** Absolute path of a folder for private copies; removed by the composition root at exit. */
  readonly scratchDirectory: string;
  /** Peak resident memory of this process in bytes, all threads. */
  readonly peakMemory: () => number;
  readonly processorCount: number;
}
