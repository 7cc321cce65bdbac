import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { NeighbourQuery } from '../model/neighbours.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target } from '../target/target.ts';
import { EmbeddingClient } from '../vectors/embedding/embedding-client.ts';
import { formatVector } from '../vectors/parse-vector.ts';
import { readVectorColumn } from '../vectors/vector-column.ts';
import type { TextSearchRequest } from './browse-requests.ts';

/**
 * The vector of a text, to search a column with. The text is sent only when the column is there. Throws `bad-usage` for a text without a word,
 * `embedding-dimensions-differ` when the model is not the column's, and what is said of endpoint and answer.
 */
export async function textQuery(
  request: TextSearchRequest,
  target: Target,
  deps: Pick<EngineDeps, 'clock' | 'log'>,
): Promise<NeighbourQuery> {
  const { query, schema, table, column, signal } = request;
  if (query.text.trim() === '') {
    const context = { detail: 'The text to search with is empty', hint: 'Write some words.' };
    throw new MigrationError('bad-usage', { context });
  }
  const { dimensions } = await inReadOnly(target, (session) => readVectorColumn(session, { schema, table, column }));
  const [vector = new Float32Array()] = await new EmbeddingClient(query.endpoint, deps).embed([query.text], signal);
  if (dimensions === 0 || vector.length === dimensions) return { kind: 'vector', vector: formatVector(vector) };
  const { model } = query.endpoint;
  throw new MigrationError('embedding-dimensions-differ', {
    context: { table: `${schema}.${table}`, column, model, given: vector.length, expected: dimensions, declared: true },
  });
}
