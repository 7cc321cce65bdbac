import type { SeededRandom } from '../seeded-random.ts';

/** As the prototype's embedding service gave them. */
const dimensions = 4096;

/** A direction of its own for each topic; neighbours of a message are then mostly messages of its topic. */
export function centres(random: SeededRandom, topics: number): readonly Float64Array[] {
  return Array.from({ length: topics }, () => Float64Array.from({ length: dimensions }, () => random.fraction() - 0.5));
}

/** A vector near `centre`, as DuckDB writes a list. Two decimal places, so that the committed file packs well. */
export function embeddingNear(random: SeededRandom, centre: Float64Array, spread: number): string {
  const values: string[] = [];
  for (const value of centre) values.push((value + spread * (random.fraction() - 0.5)).toFixed(2));
  return `[${values.join(',')}]`;
}

/** What the service gave for a picture without any text. */
export function zeroEmbedding(): string {
  return `[${new Array<number>(dimensions).fill(0).join(',')}]`;
}
