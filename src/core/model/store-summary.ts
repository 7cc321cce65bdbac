import type { SourceKindName } from './source-kind.ts';

/** What a file is, told from its first bytes. */
export interface RecognisedStore {
  /** Absolute. */
  readonly path: string;
  readonly kind: SourceKindName;
  /** Of the file. */
  readonly bytes: number;
}

/** A store's declared schema with row counts; no value was looked at. */
export interface StoreSummary extends RecognisedStore {
  readonly fingerprint: string;
  readonly tables: readonly StoreTable[];
  /** Seen and left out, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export interface StoreTable {
  readonly name: string;
  /** Exact, null when the source cannot count without reading. */
  readonly rows: number | null;
  readonly columns: readonly { readonly name: string; readonly declared: string; readonly nullable: boolean; readonly key: boolean }[];
}
