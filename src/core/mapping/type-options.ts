import type { ValuePolicy } from './contradictions.ts';

export type PlanTimestamps = 'timestamptz' | 'timestamp';

/** What of a plan's options bears on types, and where the column comes from. */
export interface TypeOptions extends ValuePolicy {
  /** Dialect of the declared types: the kind of the source. */
  readonly dialect: string;
  readonly timestamps: PlanTimestamps;
  /** Rows that were read when the profile is a sample; null = every row. */
  readonly sample: number | null;
  /** The column belongs to a key: texts that differ must not become values that are equal (01:00 and 01:00:00, {} with and without blanks). */
  readonly inKey: boolean;
}
