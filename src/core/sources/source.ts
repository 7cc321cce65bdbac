import type { Catalog } from '../model/catalog.ts';
import type { TableProfile } from '../model/column-profile.ts';
import type { ExportValue } from '../model/export-value.ts';
import type { Cell, RowsView } from '../model/rows.ts';
import type { SourceValue } from '../model/source-value.ts';
import type { StoreLocation } from '../model/store-location.ts';
import type { SourceKindName } from '../model/source-kind.ts';
import type { Cursor, KeyRange, Provenance, RowBatch } from '../model/row-batch.ts';
import type { RowWindow } from '../model/watermark.ts';
import type { Log } from '../engine-deps.ts';

/** What the planner and the loader may ask of a source instead of its kind. Cloneable data. */
export interface SourceCapabilities {
  /** The store has SQL of its own: `aggregates()` is answered by it, independent of our converters, and rows can be filtered and sorted by it. */
  readonly sql: boolean;
  /** A table can be read in several ranges at once. */
  readonly ranges: boolean;
  /** `backUp` of its kind makes a store of the same kind from a frozen one. */
  readonly backup: boolean;
  /** Rows of several tables come from one document: they are read in one pass, whole documents at a time. */
  readonly groups: boolean;
}

/**
 * A frozen view of a store that any thread can attach to: the store itself where it cannot change unnoticed, else a private copy.
 * Cloneable. The same snapshot serves profile, load and verification.
 */
export interface SourceSnapshot {
  readonly kind: SourceKindName;
  /** What the user named, in words where that was a list. */
  readonly location: string;
  /** The list that was named. */
  readonly paths?: readonly string[];
  /** Of a store of several files: the folder above all of them, without links, and what the store is called. */
  readonly folder?: { readonly root: string; readonly name: string };
  /** The file or folder that is read. */
  readonly path: string;
  readonly fingerprint: string;
  /** A private copy, in a folder of its own that may be removed with it. */
  readonly temporary: boolean;
  readonly capabilities: SourceCapabilities;
  /** Bytes of the store as it is read. */
  readonly size: number;
  /** By table as stored; a table that is not there has not been measured. */
  readonly measured: Readonly<Record<string, MeasuredTable>>;
  /** How the store was read, as keys of its source in a plan: what a plan said, and what was found out beside that. */
  readonly settings?: SourceSettings;
}

/** Keys of a plan's source beside kind and path; they belong to its kind. */
export type SourceSettings = Readonly<Record<string, unknown>>;

/** Found without looking at any value. */
export interface MeasuredTable {
  /** Bytes of all rows, without indexes and free space. */
  readonly bytes: number;
  /** Bytes of the largest row. */
  readonly largestRow: number;
}

/** A copy of a store that its owner can go back to. */
export interface SourceBackup {
  /** A file, with what belongs to it beside it, or a folder. */
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
  /** Hexadecimal digits, as `sha256sum` prints them; of several files the hash of all bytes, one file after the other. */
  readonly sha256: string;
  /** Rows of all tables, counted in the store and in the copy; null where the bytes were compared. */
  readonly rows: number | null;
}

/** When a private copy of a store is made: only where it cannot be read in place, also where another program has it open, or always. */
export type CopyRule = 'where-needed' | 'where-in-use' | 'always';

/** How far the freezing of a store of many files is: files found so far, or how many of them are read. */
export interface FileProgress {
  readonly stage: 'finding' | 'reading';
  readonly files: number;
  /** null = nobody knows yet how many there are. */
  readonly of: number | null;
  /** Of what was read. */
  readonly bytes: number;
}

/** How far the translation of a store is that is made into tables while it is frozen: records read for the first time, or written. */
export interface RecordProgress {
  readonly records: number;
  /** null while they are read for the first time, when nobody knows how many there are. */
  readonly of: number | null;
}

export interface FreezeOptions {
  /** Folder for a private copy. */
  readonly scratch: string;
  /** `where-in-use` when absent. */
  readonly copy?: CopyRule;
  readonly signal: AbortSignal;
  /** Told often of a store of many files. */
  readonly onFiles?: (progress: FileProgress) => void;
  /** Told often of a store that is translated. */
  readonly onRecords?: (progress: RecordProgress) => void;
  /** What a plan says about the store. */
  readonly settings?: SourceSettings;
  /** What kind of store a plan says it is. */
  readonly kind?: SourceKindName;
}

export interface SourceKind {
  readonly kind: SourceKindName;
  /** A store that a plan calls so is one even if its content is broken, or if files of other kinds lie beside it. */
  readonly byPlan?: true;
  /** Decides by content, never by extension. `head`: the first 4,096 bytes. */
  accepts(path: string, head: Uint8Array): Promise<boolean>;
  /** There is no file of this name, but the store is called so by the program that wrote it. */
  acceptsName?(path: string): Promise<boolean>;
  /** Of a store of several files that are known by each other's names: the one that it is listed by. */
  mainFile?(path: string): Promise<string>;
  /** Freezes the store. Throws a named diagnosis when the file is damaged, encrypted or foreign. */
  freeze(path: string, options: FreezeOptions): Promise<SourceSnapshot>;
  /** Freezes a folder, a glob or a list as one store; a kind without it takes one file only. */
  freezeFiles?(location: StoreLocation, options: FreezeOptions): Promise<SourceSnapshot>;
  /** Opens a frozen store in this thread. Calls may block the thread. */
  attach(snapshot: SourceSnapshot, log: Log): Promise<Source>;
  /** Throws `source-changed` when the store is no longer what was frozen, or `cancelled`. */
  checkUnchanged(snapshot: SourceSnapshot, signal?: AbortSignal): Promise<void>;
  /**
   * Only with capability `backup`: writes a frozen store to `path`, which must not exist and appears when the copy is whole, on the disk and checked.
   * Throws `backup-failed`, `source-changed` or `cancelled`, and then leaves nothing there.
   */
  backUp?(snapshot: SourceSnapshot, path: string, signal: AbortSignal): Promise<SourceBackup>;
}

export interface ReadOptions extends KeyRange {
  readonly columns: readonly string[];
  readonly signal: AbortSignal;
  /** Rough limit of a batch in bytes of values; one row may exceed it. Default 1 MiB. */
  readonly batchBytes?: number;
  /** Only rows of this window are wanted. A source may leave out others where that is cheap; whoever asks looks at each row once more. */
  readonly window?: RowWindow;
}

/** A table of a group with the columns to read. */
export interface GroupedTable {
  readonly table: string;
  readonly columns: readonly string[];
}

/** All rows that some whole documents give, for every table of a group. */
export interface GroupBatch {
  /** In the order of the tables asked for; an empty batch where the documents gave none. */
  readonly batches: readonly RowBatch[];
  /** Behind the last document. */
  readonly cursor: Cursor;
}

/** Aggregates of one column over all rows, computed by the store's own SQL; texts so that nothing is rounded. null = not computed exactly. */
export interface SourceAggregate {
  readonly column: string;
  /** Rows where the column is NULL. */
  readonly nulls: string;
  /** Distinct non-null values compared by their bytes (5 and 5.0 are one); only up to 200,000 rows. */
  readonly distinct: string | null;
  /** Smallest and largest value of a column that holds numbers only: decimal digits, or JavaScript's shortest text of a real. */
  readonly min: string | null;
  readonly max: string | null;
  /** Exact sum of a column that holds integers only, as decimal digits however large; sums of reals depend on the order of rows. */
  readonly sum: string | null;
  /** Total bytes of the texts (as UTF-8) and blobs of a column; null when it holds none, or texts in UTF-16. */
  readonly length: string | null;
}

/** Some rows of a filtered and sorted look at a table. */
export interface SourcePageRequest {
  readonly view: RowsView;
  readonly offset: number;
  readonly limit: number;
  /** Characters of a value to return; what is longer is cut. */
  readonly mostCharacters: number;
}

export interface SourcePage {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** For people: without offset and limit. */
  readonly sql: string;
}

/** A column, or an expression in the store's SQL. */
export type KeyPart = { readonly column: string } | { readonly expression: string };

export interface KeyRequest {
  readonly parts: readonly KeyPart[];
  /** Condition in the store's SQL; null = every row has a key. */
  readonly where: string | null;
  /** Keys of more bytes are counted. */
  readonly limit: number;
}

export interface MeasuredKeys {
  /** Keys of more bytes than the limit. */
  readonly rows: number;
  /** Of the longest. */
  readonly bytes: number;
  /** A few of them, the longest first, with the places of their rows where those are known. */
  readonly longest: readonly { readonly place: Provenance | null; readonly values: readonly SourceValue[] }[];
}

/** A store opened for reading. Promises are tested by test/contract/source-contract.ts. */
export interface Source {
  readonly capabilities: SourceCapabilities;
  introspect(): Promise<Catalog>;
  /** Reads every value (or `sample` rows). `onRows`: rows looked at since the last call. */
  profile(
    table: string,
    options: { readonly sample?: number; readonly signal: AbortSignal; readonly onRows?: (rows: number) => void },
  ): Promise<TableProfile>;
  /** Rows in stable order behind `after` up to `upTo`; the catalog's `rowNumber` is read like a column. Between batches the event loop gets a turn. */
  readBatches(table: string, options: ReadOptions): AsyncIterable<RowBatch>;
  /** The rows at these places, as `readBatches` tells them, in stable order; places where nothing is are passed over. */
  readPlaces(table: string, places: readonly Provenance[], options: Pick<ReadOptions, 'columns' | 'signal'>): AsyncIterable<RowBatch>;
  /** At most `parts` ranges that cover the table without overlap. */
  splitTable(table: string, parts: number): Promise<readonly KeyRange[]>;
  /** Which of these tables are read together: each of them in one list, in the order given. Only with capability `groups`. */
  groupTables?(tables: readonly string[]): readonly (readonly string[])[];
  /**
   * Documents in stable order behind `after` up to `upTo`, with the rows of each for every table of a group; one table may be asked for twice. A document
   * that cannot be read is one row of the first table, which `brokenAt` tells; `readBatches` tells it in every table. Only with capability `groups`.
   */
  readGroup?(tables: readonly GroupedTable[], options: Omit<ReadOptions, 'columns'>): AsyncIterable<GroupBatch>;
  /** At most `parts` ranges, cut between documents, that cover all tables of a group without overlap. Only with capability `groups`. */
  splitGroup?(tables: readonly string[], parts: number): Promise<readonly KeyRange[]>;
  /** Compares two cursors of one table, or of one group: negative when a comes first. */
  compareCursors(a: Cursor, b: Cursor): number;
  aggregates(table: string, columns: readonly string[]): Promise<readonly SourceAggregate[]>;
  /**
   * Rows of a view, in stable order; only with capability `sql`. Integers as their digits, reals as the shortest text that reads back and shows that
   * it is a real, bytes as x'…', invalid text with its wrong bytes as \xff. Throws `filter-refused`, `no-such-source-table`, `no-such-source-column`.
   */
  readPage(table: string, request: SourcePageRequest): Promise<SourcePage>;
  /** How long keys of an index would be; only with capability `sql`. Throws `filter-refused` where the store cannot evaluate them. */
  measureKeys(table: string, request: KeyRequest): Promise<MeasuredKeys>;
  /** Rows that fulfil a condition in the store's SQL, null = all; only with capability `sql`. */
  countRows(table: string, filter: string | null): Promise<number>;
  /** All rows of a view in batches, whole; only with capability `sql`. The store may be held locked for reading meanwhile. */
  readView(table: string, view: RowsView, signal: AbortSignal): AsyncIterable<readonly (readonly ExportValue[])[]>;
  /** Runs one of the user's own parity queries; values as text. */
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  close(): Promise<void>;
}
