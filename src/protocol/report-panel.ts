import type { RunReport } from '../core/index.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { ReportPanelSubject } from './panel-subjects.ts';

export interface ReportPanelInit {
  readonly subject: ReportPanelSubject;
  readonly report: RunReport;
}

export interface ReportPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: ReportPanelInit };
  /** Asks where to; null when the user did not choose a file. */
  save: { params: { readonly format: 'md' | 'html' | 'json' }; result: { readonly path: string } | null };
  openRows: { params: { readonly table: string }; result: null };
  openRowDiff: { params: { readonly table: string }; result: null };
  /** The health of a vector column, with examples. */
  openHealth: { params: { readonly table: string; readonly column: string }; result: null };
  openPlan: { params: Record<string, never>; result: null };
  verifyAgain: { params: Record<string, never>; result: ReportPanelInit };
  rollBack: { params: Record<string, never>; result: null };
  resume: { params: Record<string, never>; result: null };
}

/** Kept by the page with setState. */
export interface ReportPanelState {
  readonly subject: ReportPanelSubject;
}
