import type { ErrorShape } from '../core/errors.ts';

/** Version of the messages between a panel and its host side; both come from one build, a mismatch means a stale page. */
export const panelProtocolVersion = 1;

/** One request from the page. `id` rises; an answer to an older request of the same `lane` is dropped by the page. */
export interface PanelRequest {
  readonly v: number;
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** Tells the host that nobody waits for the answer to `cancel` any more. */
export interface PanelCancel {
  readonly v: number;
  readonly cancel: number;
}

export type ToHost = PanelRequest | PanelCancel;

export type ToPanel =
  | { readonly v: number; readonly id: number; readonly result: unknown }
  | { readonly v: number; readonly id: number; readonly error: ErrorShape }
  /** Something happened that nobody asked for. */
  | { readonly v: number; readonly event: string; readonly payload: unknown };

/** Methods that every panel has beside its own; the first call of a page is always `ready`. */
export interface CommonPanelMethods {
  /** Runs one of our commands with arguments that this panel's host side checks. */
  copyText: { params: { readonly text: string }; result: null };
  /** Shows text in a new editor tab. */
  openText: { params: { readonly text: string; readonly language: string; readonly title: string }; result: null };
}
