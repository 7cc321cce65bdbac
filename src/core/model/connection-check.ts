/** What is looked at, in this order. Names are stable: scripts read them. */
export const connectionCheckNames = [
  'reach',
  'tls',
  'login',
  'database',
  'version',
  'writable',
  'encoding',
  'rights',
  'vector',
  'pooling',
  'connections',
  'room',
  'memory',
  'role',
] as const;

export type ConnectionCheckName = (typeof connectionCheckNames)[number];

/** One thing that was looked at on the way to a target, and what to do about it. Nothing in it is secret. */
export interface ConnectionCheck {
  readonly check: ConnectionCheckName;
  /** failed: a run would fail. warning: it may, or something is worth changing. skipped: an earlier check is in the way. */
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  /** Of the error that it is, or would be in a run; null where nothing is wrong. */
  readonly code: string | null;
  /** What is, or what is wrong, in one sentence. */
  readonly message: string;
  /** How to mend it, in one sentence; also advice where nothing is wrong. */
  readonly remedy: string | null;
  /** SQL or shell commands for it, word for word. */
  readonly commands: readonly string[];
}
