import type { Target } from '../target/target.ts';

/** How a worker reaches the target: over a session of its own that it keeps between tasks. */
export interface WorkerTarget {
  /** Opens or returns the session. */
  readonly target: () => Promise<Target>;
  /** Forgets a broken session. */
  readonly dropTarget: () => Promise<void>;
}
