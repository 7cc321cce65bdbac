import type { ErrorContext } from '../error-context.ts';
import type { LossNote } from './loss-note.ts';

/** Something that preflight found. An `error` ends the run before anything is created. */
export interface PreflightFinding {
  /** As in errors. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** One sentence that the user can act on. */
  readonly remedy: string;
  readonly context: ErrorContext;
}

/** What one disk has to take, as estimated. */
export interface DiskEstimate {
  readonly what: 'target' | 'private copies';
  /** Folder on this machine; null when it is a server's. */
  readonly path: string | null;
  /** Bytes. */
  readonly needed: number;
  /** Bytes; null when it is not known. */
  readonly free: number | null;
}

/** What an index for neighbours is expected to take, with the rows that the store has. */
export interface VectorIndexEstimate {
  readonly table: string;
  /** As its statement names it. */
  readonly index: string;
  readonly method: 'hnsw' | 'ivfflat';
  readonly rows: number;
  readonly indexBytes: number;
  readonly buildBytes: number;
  readonly buildSeconds: { readonly least: number; readonly most: number };
  /** Bytes that a build gets on the server; null when it was not asked because the run makes it. */
  readonly buildMemory: number | null;
}

/** What was checked before anything was created. */
export interface PreflightReport {
  readonly findings: readonly PreflightFinding[];
  readonly server: {
    /** As the server numbers it, e.g. 150018; null when it was not asked because the run makes it. */
    readonly version: number | null;
    readonly vector: {
      readonly needed: boolean;
      readonly version: string | null;
      readonly installed: boolean;
      readonly schema: string | null;
    };
  };
  readonly disk: readonly DiskEstimate[];
  readonly vectorIndexes: readonly VectorIndexEstimate[];
  /** Rows whose conversion was tried and those that fail; null when none was tried. */
  readonly rows: { readonly checked: number; readonly rejects: number } | null;
  /** Changes of values that the plan makes; `values` where they were counted. */
  readonly losses: readonly LossNote[];
}
