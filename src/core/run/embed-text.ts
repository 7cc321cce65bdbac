import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target } from '../target/target.ts';
import { EmbeddingClient } from '../vectors/embedding/embedding-client.ts';
import { readVectorColumn } from '../vectors/vector-column.ts';
import type { TextWish } from './browse-requests.ts';

/**
 * The vector of a text, to search a column with. The text is sent only when the column is there. Throws `bad-usage` for a text without a word,
 * `embedding-dimensions-differ` when the model was made for another column, and what is said of endpoint and answer.
 */
export async function embedText(wish: TextWish, target: Target, deps: Pick<EngineDeps, 'clock' | 'log'>): Promise<Float32Array> {
  const { text, signal, schema, table, column, ...settings } = wish;
  if (text.trim() === '') {
    const context = { detail: 'The text to search with is empty', hint: 'Write some words.' };
    throw new MigrationError('bad-usage', { context });
  }
  const { dimensions } = await inReadOnly(target, (session) => readVectorColumn(session, { schema, table, column }));
  const [vector] = await new EmbeddingClient(settings, deps).embed([text], signal);
  if (vector === undefined) throw new MigrationError('embedding-answer-malformed', { context: { detail: 'it has no vector' } });
  if (dimensions === 0 || vector.length === dimensions) return vector;
  throw new MigrationError('embedding-dimensions-differ', {
    context: { table: `${schema}.${table}`, column, model: settings.model, given: vector.length, expected: dimensions, declared: true },
  });
}
