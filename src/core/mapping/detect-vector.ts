import { isNamedLikeEmbedding, looksLikeEmbedding } from '../inference/looks-like-embedding.ts';
import type { ColumnProfile } from '../model/column-profile.ts';
import { plural } from '../model/plural.ts';
import type { ConverterName } from '../model/type-mapping.ts';
import { maxVectorDimensions } from '../model/vector-limits.ts';

/** A column that holds nothing but vectors of one length. */
export interface VectorGuess {
  readonly dimensions: number;
  /** float32-blob, or auto for JSON arrays. */
  readonly convert: ConverterName;
}

/**
 * Vectors are recognised only when *every* non-null value is one and all have one length. How long they must be depends on what else they could be:
 * `looksLikeEmbedding` says it of lists; blobs of other names need 8 dimensions (a 32-byte hash whose eight words all happen to be sane float32 is a matter
 * of one in 10,000 per row).
 */
export function detectVector(name: string, profile: ColumnProfile): VectorGuess | null {
  const values = profile.rows - profile.nulls;
  if (values === 0) return null;
  const blob = soleLength(profile.float32Blobs, values);
  if (blob !== null && fits(blob, isNamedLikeEmbedding(name) ? 2 : 8)) return { dimensions: blob, convert: 'float32-blob' };
  const text = soleLength(profile.vectorTexts, values);
  if (text !== null && text <= maxVectorDimensions && looksLikeEmbedding(name, text)) return { dimensions: text, convert: 'auto' };
  return null;
}

/** Why a column that holds vectors did not become one, as a hint for the plan; null when it holds none. */
export function describeMissedVector(profile: ColumnProfile): string | null {
  const tooLong = describeTooLong(profile);
  if (tooLong !== null) return tooLong;
  const counts = Object.entries(profile.blobs > 0 ? profile.float32Blobs : profile.vectorTexts).filter(([length]) =>
    fits(Number(length), 8),
  );
  if (counts.length === 0) return profile.blobs > 0 ? describeFloat64(profile) : null;
  const found = counts.map(([length, count]) => `${count} of length ${length}`).join(', ');
  const values = profile.rows - profile.nulls;
  return `Of its ${plural(values, 'value')} some read as vectors (${found}), but not all with one length, so the values are kept as they are; give it the type vector(n) to load only the vectors.`;
}

function fits(dimensions: number, least: number): boolean {
  return dimensions >= least && dimensions <= maxVectorDimensions;
}

function soleLength(lengths: Readonly<Record<string, number>>, values: number): number | null {
  const [length] = Object.entries(lengths).find(([, count]) => count === values) ?? [];
  return length === undefined ? null : Number(length);
}

/** V05: every value is a vector, and of more elements than pgvector stores. */
function describeTooLong(profile: ColumnProfile): string | null {
  const values = profile.rows - profile.nulls;
  const length = values === 0 ? null : (soleLength(profile.float32Blobs, values) ?? soleLength(profile.vectorTexts, values));
  if (length === null || length <= maxVectorDimensions) return null;
  const limit = maxVectorDimensions.toLocaleString('en-US');
  return `Every value reads as a vector of ${length.toLocaleString('en-US')} elements and pgvector stores up to ${limit}, so the values are kept as they are; the type real[] keeps them as numbers (no search for neighbours), and several columns of type vector(n) could be filled from it.`;
}

/** Blobs of one length that are no sane float32 but divide into 8-byte numbers may be float64 (V02). */
function describeFloat64(profile: ColumnProfile): string | null {
  const bytes = profile.blobMinBytes;
  if (bytes !== profile.blobMaxBytes || bytes % 8 !== 0 || bytes < 64 * 8 || profile.blobs !== profile.rows - profile.nulls) return null;
  return `Every blob has ${bytes} bytes but they are no plausible float32; if they are ${bytes / 8} float64, set the type vector(${bytes / 8}) and convert to float64-blob.`;
}
