import { needsAcceptance } from './unaccepted-losses.ts';

/** What a person should see of a table at a glance. */
export interface TableBadges {
  /** Columns whose loss nobody has accepted yet: the run refuses. */
  readonly losses: number;
  /** Columns whose values are changed, and that is wanted. */
  readonly accepted: number;
  /** Values that will be rejected, as far as the plan knows. */
  readonly rejects: number;
}

/** Of a plan's column only what bears on losses. */
export interface ColumnLoss {
  readonly type: string;
  readonly loss: string;
  readonly accept: boolean;
  readonly expectedRejects: number;
}

export function tableBadges(columns: readonly ColumnLoss[]): TableBadges {
  const losses = columns.filter(needsAcceptance).length;
  const changed = columns.filter(({ loss }) => loss === 'rounded' || loss === 'lossy').length;
  return { losses, accepted: changed - losses, rejects: columns.reduce((sum, column) => sum + column.expectedRejects, 0) };
}
