import type { RowComparison } from '../core/model/row-comparison.ts';
import type { Cell } from '../core/model/rows.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { RowDiffPanelSubject } from './panel-subjects.ts';

export interface RowDiffPanelInit {
  readonly subject: RowDiffPanelSubject;
  /** Label of source and target for the two sides. */
  readonly sourceLabel: string;
  readonly targetLabel: string;
}

export interface RowDiffPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: RowDiffPanelInit };
  /** Reads both sides in full; also "Verify Again". */
  compare: { params: Record<string, never>; result: RowComparison };
  /** Rows of a fold, in the order of RowComparison.columns. */
  equalRows: {
    params: { readonly after: string | null; readonly before: string | null; readonly limit: number };
    result: readonly (readonly Cell[])[];
  };
  /** Both values of one cell in the editor's own diff. */
  openCellDiff: {
    params: { readonly column: string; readonly source: string; readonly target: string; readonly title: string };
    result: null;
  };
  /** Opens the rows panel on the source's table. */
  goToSource: { params: { readonly key: readonly string[] }; result: null };
}

/** Kept by the page with setState. */
export interface RowDiffPanelState {
  readonly subject: RowDiffPanelSubject;
  readonly shown: { readonly different: boolean; readonly missing: boolean; readonly extra: boolean; readonly equal: boolean };
  readonly column: string | null;
  readonly rule: string | null;
  readonly find: string;
  readonly layout: 'stacked' | 'side-by-side';
  readonly current: number | null;
}
