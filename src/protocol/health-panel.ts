import type { VectorHealth } from '../core/model/vector-health.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { VectorPanelSubject } from './panel-subjects.ts';

export interface HealthPanelInit {
  readonly subject: VectorPanelSubject;
}

/** Event `progress`: the scan that has begun. */
export interface HealthPanelProgress {
  readonly scan: 'norms' | 'spread' | 'duplicates' | 'constant-dimensions' | 'examples';
  /** From 0. */
  readonly at: number;
  readonly of: number;
}

export interface HealthPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: HealthPanelInit };
  check: { params: Record<string, never>; result: VectorHealth };
  openRow: { params: { readonly key: readonly string[] }; result: null };
  /** What a remedy leads to. */
  backfill: { params: Record<string, never>; result: null };
  findDuplicates: { params: Record<string, never>; result: null };
}

/** Kept by the page with setState. */
export interface HealthPanelState {
  readonly subject: VectorPanelSubject;
}
