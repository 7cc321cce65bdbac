import { MigrationError } from '../../errors.ts';

export interface EmbeddingAnswer {
  /** One for each text, in the order of the texts; all of one length. */
  readonly vectors: readonly Float32Array[];
  /** What the endpoint counted; null when it says nothing. */
  readonly tokens: number | null;
}

/**
 * The body of an answer: `{ data: [{ index, embedding: [numbers] }], usage?: { total_tokens } }`, entries in any order. `count`: texts that were sent.
 * Throws `embedding-answer-malformed` or `embedding-not-finite`. https://platform.openai.com/docs/api-reference/embeddings/create
 */
export function readEmbeddings(body: string, count: number): EmbeddingAnswer {
  const answer = parse(body);
  const data = field(answer, 'data');
  if (!Array.isArray(data)) throw malformed('it has no list "data"');
  if (data.length !== count) throw malformed(`it has ${data.length} embeddings for ${count} texts`);
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  data.forEach((entry: unknown, position) => {
    const index = placeOf(entry, position, count);
    if (vectors[index] !== undefined) throw malformed(`it has two embeddings with the index ${index}`);
    vectors[index] = toVector(field(entry, 'embedding'), index);
  });
  const ordered = vectors.filter((vector) => vector !== undefined);
  const other = ordered.find((vector) => vector.length !== ordered[0]?.length);
  if (other !== undefined) throw malformed(`its embeddings have different lengths (${ordered[0]?.length} and ${other.length})`);
  const tokens = field(field(answer, 'usage'), 'total_tokens');
  return { vectors: ordered, tokens: typeof tokens === 'number' && tokens >= 0 ? tokens : null };
}

/** Python writes NaN as a word that JSON does not have. */
const wordForNumber = /[[,]\s*(NaN|-?Infinity)\s*[,\]]/;

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (cause) {
    const word = wordForNumber.exec(body)?.[1];
    if (word !== undefined) throw new MigrationError('embedding-not-finite', { context: { detail: `a component is ${word}` }, cause });
    throw malformed(body.trim() === '' ? 'it is empty' : 'it is not JSON');
  }
}

/** Some servers leave the index out; then the order is that of the texts. */
function placeOf(entry: unknown, position: number, count: number): number {
  const index = field(entry, 'index') ?? position;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= count)
    throw malformed(`the index of its entry ${position + 1} is none of a text`);
  return index;
}

function toVector(embedding: unknown, index: number): Float32Array {
  if (!Array.isArray(embedding)) throw malformed(`the embedding of text ${index + 1} is no list of numbers`);
  if (embedding.length === 0) throw malformed(`the embedding of text ${index + 1} is empty`);
  return Float32Array.from(embedding as readonly unknown[], (value, i) => {
    if (value !== null && typeof value !== 'number')
      throw malformed(`component ${i + 1} of the embedding of text ${index + 1} is no number`);
    const narrow = Math.fround(value ?? Number.NaN);
    if (Number.isFinite(narrow)) return narrow;
    const detail = `component ${i + 1} of the embedding of text ${index + 1} is ${value === null ? 'null' : 'more than a float32 can hold'}`;
    throw new MigrationError('embedding-not-finite', { context: { detail } });
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function malformed(detail: string): MigrationError {
  return new MigrationError('embedding-answer-malformed', { context: { detail } });
}
