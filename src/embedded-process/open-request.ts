/** The first request that a process gets; the others are those of EmbeddedRequests. */
export const openMethod = 'open';

export interface OpenParams {
  /** Absolute path of the data directory. */
  readonly directory: string;
  /** Who opens it, for the message that a second opener gets: "sluice run". */
  readonly program: string;
}
