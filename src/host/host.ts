import type * as vscode from 'vscode';
import type {
  EmbeddingAccess,
  EngineEvent,
  ErrorShape,
  InspectResult,
  Phase,
  Reject,
  RetryResult,
  RollBackResult,
  RunOverrides,
  RunReport,
  RunResult,
  RunSummary,
  TargetChoice,
  TargetExamination,
  VerifyResult,
} from '../core/index.ts';
import type { EmbeddingEndpoint } from '../core/vectors/embedding/embedding-endpoint.ts';
import type { SchemaDiffResult } from '../core/model/schema-diff.ts';
import type { RecognisedStore, StoreSummary } from '../core/model/store-summary.ts';
import type { TargetTableDetails, TargetTree } from '../core/model/target-tree.ts';
import type { PlanEdit } from '../core/plan/edit/edit-plan.ts';
import type { Plan } from '../core/plan/plan-schema.ts';
import type { PlanProblem } from '../core/plan/plan-problem.ts';
import type {
  NeighboursPanelSubject,
  ReportPanelSubject,
  RowDiffPanelSubject,
  RowsPanelSubject,
  VectorMapPanelSubject,
  VectorPanelSubject,
} from '../protocol/panel-subjects.ts';
import type { Engines } from './engines.ts';
import type { Event } from './event.ts';

/**
 * Everything that commands, views, editors and panels may use. Made once by create-host.ts. What they show is kept in the four models (stores, targets,
 * plans, runs), which load in the background and tell when they change; nothing that draws ever waits for an engine.
 */
export interface Host {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly embedding: Embedding;
  readonly engines: Engines;
  readonly stores: Stores;
  readonly targets: Targets;
  readonly plans: Plans;
  readonly runs: Runs;
  readonly panels: Panels;
}

/** Something that is loaded in the background. A failed load keeps what was there before. */
export interface Loaded<T> {
  readonly value: T | null;
  readonly loading: boolean;
  readonly error: ErrorShape | null;
}

// Stores ---------------------------------------------------------------------------------------------------------------------------------------------

/** One source store that was found in the workspace or added. Identified by its absolute path. */
export interface StoreEntry {
  readonly path: string;
  readonly recognised: RecognisedStore;
  /** Added by hand, so it can be removed by hand. */
  readonly added: boolean;
  readonly summary: Loaded<StoreSummary>;
  /** Types as a plan would propose them, from a sample; comes after the summary. */
  readonly inspected: Loaded<InspectResult['stores'][number]>;
}

export interface Stores {
  readonly list: readonly StoreEntry[];
  /** A search is under way. */
  readonly searching: boolean;
  /** Fired with the path of the store that changed, null for the list. */
  readonly onDidChange: vscode.Event<string | null>;
  /** For the view when it is shown: the first call lists what was added and, where the setting says so, searches the workspace. Returns at once. */
  begin(): void;
  /** Looks through the workspace by content; resolves with how many stores there are. Does nothing in an untrusted workspace. */
  discover(signal?: AbortSignal): Promise<number>;
  /** Throws `unknown-store`, `no-such-file`, …. */
  add(path: string): Promise<StoreEntry>;
  remove(path: string): void;
  /** Starts loading what is not loaded; returns at once. */
  load(path: string): void;
  reload(path: string): void;
}

// Targets --------------------------------------------------------------------------------------------------------------------------------------------

/** A place to migrate to. Never holds an address with a password. */
export interface TargetProfile {
  /** What a plan and `--target` call it: `embedded`, `embedded:DIR`, `env:DATABASE_URL`; a saved one by its name. */
  readonly id: string;
  readonly kind: 'embedded' | 'environment' | 'saved';
  /** For the tree: "embedded", "DATABASE_URL", "staging". */
  readonly label: string;
  /** Where it is or comes from, without secrets: ".sluice/postgres", ".env", "app@db.example:5432/shop". */
  readonly detail: string;
  /** Writing to it needs its name typed. */
  readonly isProtected: boolean;
}

export interface TargetEntry {
  readonly profile: TargetProfile;
  /** The user connected to it in this window; an embedded one whose folder exists counts as connected. */
  readonly connected: boolean;
  readonly tree: Loaded<TargetTree>;
  /** By `schema.table`. */
  readonly tables: ReadonlyMap<string, Loaded<TargetTableDetails>>;
}

export interface SavedTarget {
  readonly name: string;
  /** postgresql:// URL; a password in it goes to the secret storage and is cut out before anything is kept. */
  readonly url: string;
  readonly isProtected: boolean;
}

export interface Targets {
  readonly list: readonly TargetEntry[];
  /** Fired with the id of the profile that changed, null for the list. */
  readonly onDidChange: vscode.Event<string | null>;
  find(id: string): TargetEntry | undefined;
  /** The profile that commands take when nothing else says which. */
  readonly current: TargetProfile;
  setCurrent(id: string): void;
  /** Address with password, for one call to an engine. `planPath`: embedded targets are found upward from it. Throws `unknown-target`, `target-variable-missing`, or `cancelled` when a password is asked for and not given. */
  resolve(id: string, options?: { readonly planPath?: string }): Promise<TargetChoice>;
  save(target: SavedTarget): Promise<TargetProfile>;
  remove(id: string): Promise<void>;
  /** Connects as every command does, and says what is there and what is wrong; on success the target's tree is loaded. */
  test(id: string, signal?: AbortSignal): Promise<TargetExamination>;
  /** Makes the database that the address names; nothing when it is there. Throws `no-privilege`, `no-maintenance-database`, or as a connection fails. */
  createDatabase(id: string, signal?: AbortSignal): Promise<void>;
  load(id: string): void;
  loadTable(id: string, schema: string, table: string): void;
  /** Reads again what was read; nothing for a target that nobody connected to. */
  reload(id: string): void;
  /** A run was on it, so from now on it counts as connected and its tree is loaded. */
  markConnected(id: string): void;
  /** Profile of an embedded directory: `embedded`, or `embedded:` and the absolute path when it is not the usual one. */
  embeddedId(directory: string): string;
}

// Plans ----------------------------------------------------------------------------------------------------------------------------------------------

/** A plan file that the Plan view and the commands are about: the one in the active editor, else the last one. */
export interface PlanState {
  readonly uri: vscode.Uri;
  /** As in the editor, saved or not. */
  readonly text: string;
  /** null when the text is not a plan. */
  readonly plan: Plan | null;
  readonly problems: readonly PlanProblem[];
  /** Why the plan no longer fits ("The source has changed since the plan was made."), null when it does or nobody knows yet. */
  readonly stale: string | null;
  readonly diff: Loaded<SchemaDiffResult>;
}

/** Edits keep comments and formatting (jsonc-parser) and are one undo step. */
export type { PlanEdit } from '../core/plan/edit/edit-plan.ts';

export interface Plans {
  readonly active: PlanState | null;
  readonly onDidChange: vscode.Event<PlanState | null>;
  /** Opens it in an editor and makes it active. */
  open(uri: vscode.Uri): Promise<PlanState>;
  edit(uri: vscode.Uri, edit: PlanEdit): Promise<void>;
  /** Profile that the plan names, or the embedded one. */
  targetOf(state: PlanState): string;
  /** Compares target and plan; the result is kept in the state. */
  diff(uri: vscode.Uri, signal?: AbortSignal): Promise<SchemaDiffResult>;
  /** Asks the sources whether they are still what the plan was made from; returns at once. */
  checkStale(uri: vscode.Uri): void;
}

// Runs -----------------------------------------------------------------------------------------------------------------------------------------------

export interface LiveTable {
  readonly name: string;
  readonly state: 'waiting' | 'loading' | 'loaded' | 'verified';
  readonly rows: number | null;
  /** Of the source; null until it is told. */
  readonly totalRows: number | null;
}

export interface RunProgress {
  readonly phase: Phase;
  readonly rows: number;
  readonly totalRows: number | null;
  /** Rows a second. */
  readonly rate: number;
  readonly secondsLeft: number | null;
  readonly tables: readonly LiveTable[];
  readonly warnings: number;
  /** Index or key that is being built; `percent` of the server's current step, null where nobody can tell. */
  readonly index: { readonly name: string; readonly percent: number | null } | null;
}

/** One run: live in this window, or read from a target's history. */
export interface RunEntry {
  /** null until the engine has told it. */
  readonly runId: string | null;
  /** Unique in this window. */
  readonly key: string;
  readonly name: string;
  readonly profile: string;
  readonly planUri: vscode.Uri | null;
  readonly status: RunSummary['status'] | 'starting' | 'cancelling';
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly progress: RunProgress | null;
  readonly rows: number;
  /** The target itself has counted `rows`; else they are at least so many. */
  readonly rowsCounted: boolean;
  readonly rejects: number;
  readonly verification: string | null;
  readonly result: RunResult | null;
  readonly error: ErrorShape | null;
  readonly live: boolean;
  /** What goes on while it is live: the run itself, or something done to it later. */
  readonly activity: 'run' | 'verify' | 'roll-back' | 'retry' | null;
}

export interface RunStart {
  readonly plan: { readonly uri: vscode.Uri; readonly text: string };
  readonly profile: string;
  readonly resume: { readonly runId: string | null } | null;
  readonly acceptStale: boolean;
  readonly overrides: RunOverrides;
}

/** Rejected rows of one table of a run, as far as they were read. */
export interface RejectList {
  /** undefined = not read yet. */
  at(index: number): Reject | undefined;
  readonly error: ErrorShape | null;
  /** The store and the table that the rows come from, once it is known. */
  readonly origin: { readonly location: string; readonly table: string } | null;
}

export interface RetryStart {
  /** The mended plan; null = the plan that the run has. */
  readonly plan: { readonly text: string; readonly path: string } | null;
  readonly onEvent: (event: EngineEvent) => void;
}

export interface Runs {
  /** Newest first; live ones before the rest. */
  readonly list: readonly RunEntry[];
  readonly loading: boolean;
  readonly onDidChange: vscode.Event<string | null>;
  find(keyOrRunId: string): RunEntry | undefined;
  /** Starts an engine for it and resolves when the run is over, whatever its end; never rejects. */
  start(start: RunStart, onEvent?: (event: EngineEvent) => void): Promise<RunEntry>;
  /** The status becomes `cancelling` at once. */
  cancel(key: string): void;
  /** Reads the history of a target; returns at once. */
  refresh(profile: string): void;
  /** Report of a run as its target keeps it, for tables and rejects of the tree. */
  report(key: string): Loaded<RunReport>;
  /** Starts reading it when nobody has; returns at once. */
  loadReport(key: string): void;
  rejects(key: string, table: string): RejectList;
  /** Starts to read the page of rejects with that row when nobody has; returns at once. */
  loadRejects(key: string, table: string, index: number): void;
  /** Retries the rejected rows in a process of its own; the run has the outcome afterwards. */
  retryRejects(entry: RunEntry, start: RetryStart, signal: AbortSignal): Promise<RetryResult>;
  /** A verification or roll back in a process of its own, with the run's entry marked meanwhile. */
  verify(entry: RunEntry, signal: AbortSignal): Promise<VerifyResult>;
  rollBack(entry: RunEntry, signal: AbortSignal): Promise<RollBackResult>;
}

// Embeddings -----------------------------------------------------------------------------------------------------------------------------------------

export interface NewEmbeddingEndpoint {
  /** As `parseEndpoint` takes it. */
  readonly endpoint: string;
  readonly model: string;
  /** null = none is given; one that is kept for this address stays. */
  readonly key: string | null;
}

/** The endpoint that computes embeddings. Never shows its key. */
export interface Embedding {
  /** null = none is set, it cannot be used, or the workspace is not trusted. */
  readonly endpoint: EmbeddingEndpoint | null;
  /** Of the settings; '' = none. A plan may name another. */
  readonly model: string;
  /** Addresses (scheme, host and port) for which a key is kept. */
  readonly keyOrigins: readonly string[];
  readonly onDidChange: Event<void>;
  /** Address, model and key for one request of an engine. Throws `workspace-not-trusted`, `no-embedding-endpoint`, `bad-embedding-endpoint`. */
  access(wanted?: { readonly model?: string }): Promise<EmbeddingAccess>;
  /** Throws `bad-embedding-endpoint`. */
  save(endpoint: NewEmbeddingEndpoint): Promise<void>;
  hasKey(endpoint: string): Promise<boolean>;
  forgetKey(origin: string): Promise<void>;
}

// Panels ---------------------------------------------------------------------------------------------------------------------------------------------

export interface Panels {
  openRows(subject: RowsPanelSubject): void;
  openRowDiff(subject: RowDiffPanelSubject): void;
  openNeighbours(subject: NeighboursPanelSubject): void;
  openDuplicates(subject: VectorPanelSubject): void;
  openHealth(subject: VectorPanelSubject): void;
  openReport(subject: ReportPanelSubject): void;
  openVectorMap(subject: VectorMapPanelSubject): void;
}
