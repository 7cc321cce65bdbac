import { MigrationError } from '../../errors.ts';
import type { EmbeddingClient } from './embedding-client.ts';

/** A vector, or why the endpoint does not take this very text. */
export type Embedded = Float32Array | MigrationError;

/**
 * Embeddings of all texts. When the endpoint refuses them together, halves are tried, down to the one text that it does not take: it may be too long, or
 * they may be too many for one request.
 */
export async function embedTexts(client: EmbeddingClient, texts: readonly string[], signal: AbortSignal): Promise<readonly Embedded[]> {
  try {
    return await client.embed(texts, signal);
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'embedding-text-refused') throw error;
    if (texts.length === 1) return [error];
    const middle = Math.ceil(texts.length / 2);
    const first = await embedTexts(client, texts.slice(0, middle), signal);
    return [...first, ...(await embedTexts(client, texts.slice(middle), signal))];
  }
}
