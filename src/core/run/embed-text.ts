import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import { EmbeddingClient } from '../vectors/embedding/embedding-client.ts';
import { parseEndpoint } from '../vectors/embedding/embedding-endpoint.ts';
import type { EmbedTextRequest, TextEmbedding } from './browse-requests.ts';

/** Somebody waits for it. A model that is loaded first takes its time. */
const timeoutSeconds = 60;

/** The embedding of one text, such as a query. Throws `bad-usage` for an empty one, and as endpoint and answer are. */
export async function embedText({ endpoint, text, signal }: EmbedTextRequest, deps: EngineDeps): Promise<TextEmbedding> {
  if (text.trim() === '') throw new MigrationError('bad-usage', { context: { detail: 'There is no text', hint: 'Write one first.' } });
  const { address } = parseEndpoint(endpoint.address);
  const client = new EmbeddingClient({ address, model: endpoint.model, key: endpoint.apiKey, timeoutSeconds }, deps);
  const [vector = new Float32Array()] = await client.embed([text], signal);
  return { vector, dimensions: vector.length };
}
