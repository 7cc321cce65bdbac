import type { EngineEvent } from '../../core/index.ts';

/** Shows on stderr how a run goes on. */
export interface Progress {
  show(event: EngineEvent): void;
  /** A sentence for the user that must not be painted over. */
  note(text: string): void;
  stop(): void;
}
