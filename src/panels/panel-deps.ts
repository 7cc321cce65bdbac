import type { Engines } from '../host/engines.ts';
import type { Embedding, Panels, Plans, Runs, Targets } from '../host/host.ts';

/** What the host sides of panels may use. */
export interface PanelDeps {
  readonly embedding: Embedding;
  readonly engines: Engines;
  readonly targets: Targets;
  readonly plans: Plans;
  readonly runs: Runs;
  /** Panels lead to each other. */
  readonly panels: Panels;
}
