import type { QueryResult, SqlParameter } from '../target.ts';

/**
 * What can be asked of the process that owns the embedded PostgreSQL. It has one session: a client that holds a transaction
 * (`begin` … `commit`/`rollback`, both with its token) keeps everybody else waiting in one queue; a client that disappears is rolled back.
 * `session` null = outside any transaction.
 */
export interface EmbeddedRequests {
  begin: { params: { client: string }; result: { session: string } };
  commit: { params: { session: string }; result: null };
  rollback: { params: { session: string }; result: null };
  query: { params: { session: string | null; sql: string; parameters: readonly SqlParameter[] }; result: QueryResult };
  /** One COPY statement with all of its bytes, or with the last of them when pieces went ahead. */
  copyIn: {
    params: { session: string | null; sql: string; chunks: readonly Uint8Array[]; ahead: CopyPieces | null };
    result: { rows: number };
  };
  /** Bytes of a COPY that is too long for one request, behind the `ahead.bytes` that were sent before. */
  copyInPiece: { params: { ahead: CopyPieces; chunk: Uint8Array }; result: null };
  /** Forgets such pieces. */
  copyInDrop: { params: { copy: string }; result: null };
  /** Starts COPY TO; the result is fetched piece by piece with `copyOutNext`. */
  copyOut: { params: { session: string | null; sql: string }; result: { copy: string; bytes: number } };
  copyOutNext: { params: { copy: string }; result: { chunk: Uint8Array | null } };
  copyOutClose: { params: { copy: string }; result: null };
  close: { params: Record<string, never>; result: null };
}

/** The part of a long COPY that is on the other side already; a process that was started anew knows that it misses some. */
export interface CopyPieces {
  /** Chosen by the client, unique on its link. */
  readonly copy: string;
  readonly bytes: number;
}

export type EmbeddedMethod = keyof EmbeddedRequests;

/** A way to the embedded process: over IPC from the process that forked it, over a MessagePort from a worker thread. */
export interface EmbeddedLink {
  readonly directory: string;
  request<M extends EmbeddedMethod>(method: M, params: EmbeddedRequests[M]['params']): Promise<EmbeddedRequests[M]['result']>;
  /** Stops the process at once; what was not committed is gone. The next use opens it again. */
  kill(): Promise<void>;
  close(): Promise<void>;
}
