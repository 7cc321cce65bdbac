/** A change of values that was accepted or counted, per column. */
export interface LossNote {
  readonly table: string;
  readonly column: string;
  readonly loss: string;
  /** null where no row was read yet. */
  readonly values: number | null;
  readonly message: string;
}
