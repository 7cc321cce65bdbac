/**
 * What a panel is about, as it is kept in the page's state and across reloads of the window: names only, never an address or a secret.
 * `profile` is the id of a target profile.
 */
export type RowsPanelSubject =
  | { readonly side: 'target'; readonly profile: string; readonly schema: string; readonly table: string; readonly filter?: string }
  | {
      readonly side: 'source';
      readonly location: string;
      readonly table: string;
      /** SQL condition to begin with. */ readonly filter?: string;
    };

export interface RowDiffPanelSubject {
  readonly profile: string;
  /** A run, or a plan file by its absolute path. */
  readonly input: { readonly kind: 'run'; readonly runId: string } | { readonly kind: 'plan'; readonly path: string };
  /** `schema.table`. */
  readonly table: string;
}

export interface NeighboursPanelSubject {
  readonly profile: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** Row to start with, null = the user pastes or chooses. */
  readonly key: readonly string[] | null;
}

/** A vector column of a target. */
export interface VectorPanelSubject {
  readonly profile: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

export interface ReportPanelSubject {
  readonly profile: string;
  readonly runId: string;
}

export interface VectorMapPanelSubject {
  readonly profile: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}
