/** What a backfill of embeddings did. `missing` = `embedded` + `empty` + `refused` + `changed`, unless others wrote to the table meanwhile. */
export interface EmbeddingResult {
  /** `schema.table`. */
  readonly table: string;
  readonly from: readonly string[];
  readonly column: string;
  readonly model: string;
  /** Of the vectors; null when there was nothing that would have told them. */
  readonly dimensions: number | null;
  /** Rows without an embedding at the beginning. */
  readonly missing: number;
  /** Rows that got one. */
  readonly embedded: number;
  /** Rows without a text, which stay without. */
  readonly empty: number;
  /** Rows whose text the endpoint does not take. */
  readonly refused: number;
  /** Rows that were changed, filled or deleted by others between reading and writing, and were left as they are. */
  readonly changed: number;
  /** The first 100 of the refused rows. */
  readonly refusals: readonly EmbeddingRefusal[];
  /** Requests sent, further tries included. */
  readonly requests: number;
  readonly retries: number;
  /** As the endpoint counts them; null when it does not. */
  readonly tokens: number | null;
  readonly seconds: number;
}

/** What a backfill of embeddings would find. */
export interface MissingEmbeddings {
  /** `schema.table`. */
  readonly table: string;
  /** Rows without an embedding, and rows with one, which stay as they are. */
  readonly missing: number;
  readonly embedded: number;
  /** That the vectors must have; null = any. */
  readonly dimensions: number | null;
}

export interface EmbeddingRefusal {
  /** Values of the primary key as texts. */
  readonly key: readonly string[];
  readonly message: string;
}
