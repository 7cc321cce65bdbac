export type Section = 'pre-data' | 'data' | 'post-data';

export type ObjectKind =
  | 'extension'
  | 'schema'
  | 'type'
  | 'sequence'
  | 'table'
  | 'primary-key'
  | 'unique'
  | 'check'
  | 'foreign-key'
  | 'index'
  | 'comment'
  | 'identity';

/** What can go wrong, said before it does. */
export interface Hazard {
  readonly code: 'long-lock' | 'index-build' | 'destructive' | 'not-enforced' | 'dropped-key' | 'lossy' | 'needs-privilege';
  readonly message: string;
}

/** One step of a plan as SQL, with what it makes, so that it can be shown, exported, run and undone from the same value. */
export interface Statement {
  readonly section: Section;
  readonly sql: string;
  readonly object: CreatedObject | null;
  /** `schema.table` this belongs to, null for global ones. */
  readonly table: string | null;
  readonly hazards: readonly Hazard[];
}

/** An object of the target that a run creates; enough to drop it again. Identity parts are unquoted names. */
export interface CreatedObject {
  readonly kind: ObjectKind;
  readonly schema: string | null;
  /** Table for constraints, identity and comments; else null. */
  readonly table: string | null;
  readonly name: string;
}
