/**
 * Whether a column whose lists of numbers all have this length holds embeddings. One that is named so needs 2 dimensions, any other 16: twelve months or
 * [latitude, longitude] are data, and float32 would round them.
 */
export function looksLikeEmbedding(column: string, length: number): boolean {
  return length >= (isNamedLikeEmbedding(column) ? 2 : 16);
}

export function isNamedLikeEmbedding(column: string): boolean {
  return /embed|vector|(^|[^a-z])(vec|emb)([^a-z]|$)|centroid/i.test(column);
}
