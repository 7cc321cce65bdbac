import { isNamedLikeEmbedding, looksLikeEmbedding } from '../inference/looks-like-embedding.ts';
import type { ColumnProfile } from '../model/column-profile.ts';
import { plural } from '../model/plural.ts';
import type { ConverterName } from '../model/type-mapping.ts';
import { maxVectorDimensions } from '../model/vector-limits.ts';

/** A column that holds nothing but vectors. */
export interface VectorGuess {
  /** null: they are of several lengths. */
  readonly dimensions: number | null;
  /** float32-blob or float64-blob, or auto for JSON arrays. */
  readonly convert: ConverterName;
}

/** Lengths that one column may mix and still be embeddings (of two or three models); more are lists of numbers. */
const mostLengths = 4;

/**
 * Vectors are recognised only when *every* non-null value is one. How long they must be depends on what else they could be: `looksLikeEmbedding` says it
 * of lists; blobs of other names need 8 dimensions (a 32-byte hash whose eight words all happen to be sane float32 is a matter of one in 10,000 per row).
 * Of the two widths that a blob may be read at, the one is taken at which its numbers are sane; of two sane ones float32, unless half of its elements
 * would be 0 (V02).
 */
export function detectVector(name: string, profile: ColumnProfile): VectorGuess | null {
  const values = profile.rows - profile.nulls;
  if (values === 0) return null;
  const least = isNamedLikeEmbedding(name) ? 2 : 8;
  for (const [lengths, convert] of readings(profile)) {
    const dimensions = soleLength(lengths, values);
    if (dimensions !== null && fits(dimensions, least)) return { dimensions, convert };
    if (isMixOfEmbeddings(name, lengths, values)) return { dimensions: null, convert };
  }
  const text = soleLength(profile.vectorTexts, values);
  if (text !== null && text <= maxVectorDimensions && looksLikeEmbedding(name, text)) return { dimensions: text, convert: 'auto' };
  return isMixOfEmbeddings(name, profile.vectorTexts, values) ? { dimensions: null, convert: 'auto' } : null;
}

/** Dimensions of a column's vectors, most frequent first, with how many values have them. */
export function vectorLengths(profile: ColumnProfile, convert: ConverterName): readonly (readonly [dimensions: number, values: number])[] {
  const lengths =
    convert === 'float64-blob' ? (profile.float64Blobs ?? {}) : profile.blobs > 0 ? profile.float32Blobs : profile.vectorTexts;
  return Object.entries(lengths)
    .map(([dimensions, values]) => [Number(dimensions), values] as const)
    .toSorted(([a, m], [b, n]) => n - m || a - b);
}

/** Why a column that holds vectors did not become one, as a hint for the plan; null when it holds none. */
export function describeMissedVector(profile: ColumnProfile): string | null {
  const tooLong = describeTooLong(profile);
  if (tooLong !== null) return tooLong;
  const endless = notFinite(profile);
  const counts = Object.entries(profile.blobs > 0 ? profile.float32Blobs : profile.vectorTexts).filter(([length]) =>
    fits(Number(length), 8),
  );
  if (counts.length === 0) return null;
  const found = counts.map(([length, count]) => `${count} of length ${length}`).join(', ');
  const values = profile.rows - profile.nulls;
  const odd = endless === 0 ? '' : `; ${plural(endless, 'value has', 'values have')} an element that is NaN or infinite`;
  return `Of its ${plural(values, 'value')} some read as vectors (${found}${odd}), but not all with one length, so the values are kept as they are; give it the type vector(n) to load only the vectors.`;
}

function notFinite({ vectors }: ColumnProfile): number {
  return vectors?.float32?.notFinite ?? 0;
}

type Lengths = Readonly<Record<string, number>>;

/** Ways to read blobs, the likelier one first. */
function readings({ float32Blobs, float64Blobs = {}, vectors }: ColumnProfile): readonly (readonly [Lengths, ConverterName])[] {
  const [single, double] = [
    [float32Blobs, 'float32-blob'],
    [float64Blobs, 'float64-blob'],
  ] as const;
  const { vectors: read = 0, zero = 0, halved = 0 } = vectors?.float32 ?? {};
  const looksHalved = halved > 0 && halved === read - zero && (vectors?.float64?.vectors ?? 0) === read;
  return looksHalved ? [double, single] : [single, double];
}

function fits(dimensions: number, least: number): boolean {
  return dimensions >= least && dimensions <= maxVectorDimensions;
}

function soleLength(lengths: Lengths, values: number): number | null {
  const [length] = Object.entries(lengths).find(([, count]) => count === values) ?? [];
  return length === undefined ? null : Number(length);
}

/** V04: two models wrote into one column. Each length must be one of an embedding, and a twentieth of the values must have it. */
function isMixOfEmbeddings(name: string, lengths: Lengths, values: number): boolean {
  const found = Object.entries(lengths);
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  if (total !== values || found.length < 2 || found.length > mostLengths) return false;
  const least = isNamedLikeEmbedding(name) ? 2 : 64;
  return found.every(([length, count]) => fits(Number(length), least) && count * 20 >= values);
}

/** V05: every value is a vector, and of more elements than pgvector stores. */
function describeTooLong(profile: ColumnProfile): string | null {
  const values = profile.rows - profile.nulls;
  const length = values === 0 ? null : (soleLength(profile.float32Blobs, values) ?? soleLength(profile.vectorTexts, values));
  if (length === null || length <= maxVectorDimensions) return null;
  const limit = maxVectorDimensions.toLocaleString('en-US');
  return `Every value reads as a vector of ${length.toLocaleString('en-US')} elements and pgvector stores up to ${limit}, so the values are kept as they are; the type real[] keeps them as numbers (no search for neighbours), and several columns of type vector(n) could be filled from it.`;
}
