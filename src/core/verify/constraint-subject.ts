import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Target } from '../target/target.ts';

/** The table whose promises are checked. */
export interface ConstraintSubject {
  readonly target: Target;
  readonly table: CompiledTable;
  /** Its pg_class entry, as text. */
  readonly oid: string;
}
