/** Vectors of one kind; the same each time. */
export interface VectorSet {
  readonly name: string;
  /** Each call of what it gives is one more vector. */
  make(dimensions: number): () => Float32Array;
}

/**
 * `random`: every element by itself, which no embedding is; the worst case. `clustered`: 200 centres with noise around them. `64 factors`: mixtures of 64
 * directions with a little noise, whose neighbours differ by little, as embeddings do.
 */
export const vectorSets: readonly VectorSet[] = [
  {
    name: 'random',
    make: (dimensions) =>
      (
        (normal) => () =>
          filled(dimensions, normal)
      )(normals(11)),
  },
  { name: 'clustered', make: clustered },
  { name: '64 factors', make: mixed },
];

function clustered(dimensions: number): () => Float32Array {
  const normal = normals(12);
  const centres = Array.from({ length: 200 }, () => filled(dimensions, normal));
  let at = 0;
  return () => {
    const centre = centres[at++ % centres.length] as Float32Array;
    return centre.map((value) => value + normal() * 0.7);
  };
}

function mixed(dimensions: number): () => Float32Array {
  const normal = normals(13);
  const directions = Array.from({ length: 64 }, () => filled(dimensions, normal));
  return () => {
    const vector = filled(dimensions, () => normal() * 0.5);
    for (const direction of directions) {
      const weight = normal();
      for (let i = 0; i < dimensions; i += 1) vector[i] = (vector[i] as number) + weight * (direction[i] as number);
    }
    return vector;
  };
}

function filled(length: number, next: () => number): Float32Array {
  return Float32Array.from({ length }, next);
}

/** Normally distributed numbers from a seeded generator (mulberry32, Box and Muller). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixedBits = Math.imul(state ^ (state >>> 15), 1 | state);
    mixedBits = (mixedBits + Math.imul(mixedBits ^ (mixedBits >>> 7), 61 | mixedBits)) ^ mixedBits;
    return ((mixedBits ^ (mixedBits >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
