import { seededRandom } from './seeded-random.ts';
import { symmetricEigen } from './small-eigen.ts';
import type { VectorMatrix } from './vector-matrix.ts';

export interface PcaSettings {
  readonly seed: number;
  /** Awaited between pieces of the work; throws to stop it. */
  readonly pause: () => Promise<void>;
  /** Told between 0 and 1. */
  readonly onProgress?: (share: number) => void;
}

export interface PcaResult {
  /** x and y of each row. */
  readonly positions: Float32Array;
  /** Share of the whole variance along each axis, 0 to 1. */
  readonly variance: readonly [number, number];
}

/** Directions that are refined together: more than two, because two alone converge slowly where the third is nearly as long. */
const block = 8;
const mostRounds = 300;
const tolerance = 1e-9;

/**
 * The two directions of the largest variance, by subspace iteration: the directions are multiplied by the covariance, made orthogonal, and turned to the axes
 * of what they span (Rayleigh-Ritz), until the variances stay. Deterministic for a seed; the largest component of each axis is positive.
 */
export async function projectPca(matrix: VectorMatrix, settings: PcaSettings): Promise<PcaResult> {
  const mean = await meanOf(matrix, settings);
  const total = await totalVariance(matrix, mean, settings);
  if (!(total > 0)) return { positions: new Float32Array(matrix.rows * 2), variance: [0, 0] };
  const axes = await principalAxes(matrix, mean, settings);
  const positions = await projected(matrix, mean, axes.directions, settings);
  const share = (i: number): number => Math.min(1, Math.max(0, (axes.variances[i] ?? 0) / total));
  return { positions, variance: [share(0), share(1)] };
}

async function meanOf({ values, rows, dimensions }: VectorMatrix, { pause }: PcaSettings): Promise<Float64Array> {
  const sum = new Float64Array(dimensions);
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions;
    for (let i = 0; i < dimensions; i++) sum[i]! += values[start + i]!;
    if (row % 1024 === 1023) await pause();
  }
  return sum.map((value) => value / Math.max(1, rows));
}

async function totalVariance({ values, rows, dimensions }: VectorMatrix, mean: Float64Array, { pause }: PcaSettings): Promise<number> {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions;
    for (let i = 0; i < dimensions; i++) sum += (values[start + i]! - mean[i]!) ** 2;
    if (row % 1024 === 1023) await pause();
  }
  return sum / rows;
}

interface Axes {
  readonly directions: readonly Float64Array[];
  readonly variances: readonly number[];
}

async function principalAxes(matrix: VectorMatrix, mean: Float64Array, settings: PcaSettings): Promise<Axes> {
  const times = await covarianceProduct(matrix, mean, settings);
  const random = seededRandom(settings.seed);
  const width = Math.min(block, matrix.dimensions);
  let directions = orthonormal(Array.from({ length: width }, () => Float64Array.from({ length: matrix.dimensions }, () => random() - 0.5)));
  let variances: readonly number[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const images = await times(directions);
    const small = directions.map((a) => images.map((b) => dot(a, b)));
    const { values, vectors } = symmetricEigen(small.map((row, i) => row.map((value, j) => (value + (small[j]?.[i] ?? 0)) / 2)));
    const settled = [0, 1].every((i) => Math.abs((values[i] ?? 0) - (variances[i] ?? -1)) <= tolerance * Math.abs(values[0] ?? 0));
    variances = values;
    if (settled) return { directions: pointed(combined(directions, vectors).slice(0, 2)), variances };
    directions = orthonormal(combined(images, vectors));
  }
  return { directions: pointed(directions.slice(0, 2)), variances };
}

type Product = (directions: readonly Float64Array[]) => Promise<Float64Array[]>;

/** Up to this many dimensions the covariance itself is made: afterwards a round costs next to nothing. */
const mostCovarianceDimensions = 800;

async function covarianceProduct(matrix: VectorMatrix, mean: Float64Array, settings: PcaSettings): Promise<Product> {
  const { dimensions } = matrix;
  if (dimensions > mostCovarianceDimensions) return (directions) => dataProduct(matrix, mean, directions, settings);
  const covariance = await covarianceOf(matrix, mean, settings);
  return (directions) =>
    Promise.resolve(
      directions.map((direction) =>
        Float64Array.from({ length: dimensions }, (_, i) => dot(covariance.subarray(i * dimensions, (i + 1) * dimensions), direction)),
      ),
    );
}

async function covarianceOf(matrix: VectorMatrix, mean: Float64Array, { pause, onProgress }: PcaSettings): Promise<Float64Array> {
  const { values, rows, dimensions } = matrix;
  const sums = new Float64Array(dimensions * dimensions);
  const centred = new Float64Array(dimensions);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) centred[i] = values[row * dimensions + i]! - mean[i]!;
    for (let i = 0; i < dimensions; i++) {
      const value = centred[i]!;
      const start = i * dimensions;
      for (let j = i; j < dimensions; j++) sums[start + j]! += value * centred[j]!;
    }
    if (row % 128 !== 127) continue;
    await pause();
    onProgress?.(row / rows);
  }
  for (let i = 0; i < dimensions; i++)
    for (let j = i; j < dimensions; j++) {
      const value = sums[i * dimensions + j]! / rows;
      sums[i * dimensions + j] = value;
      sums[j * dimensions + i] = value;
    }
  return sums;
}

/** The covariance times each direction, from the vectors themselves. */
async function dataProduct(
  { values, rows, dimensions }: VectorMatrix,
  mean: Float64Array,
  directions: readonly Float64Array[],
  { pause }: PcaSettings,
): Promise<Float64Array[]> {
  const images = directions.map(() => new Float64Array(dimensions));
  const centred = new Float64Array(dimensions);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) centred[i] = values[row * dimensions + i]! - mean[i]!;
    for (let k = 0; k < directions.length; k++) {
      const weight = dot(centred, directions[k]!) / rows;
      const image = images[k]!;
      for (let i = 0; i < dimensions; i++) image[i]! += weight * centred[i]!;
    }
    if (row % 128 === 127) await pause();
  }
  return images;
}

async function projected(
  { values, rows, dimensions }: VectorMatrix,
  mean: Float64Array,
  directions: readonly Float64Array[],
  { pause }: PcaSettings,
): Promise<Float32Array> {
  const positions = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    for (let axis = 0; axis < directions.length; axis++) {
      const direction = directions[axis]!;
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += (values[row * dimensions + i]! - mean[i]!) * direction[i]!;
      positions[row * 2 + axis] = sum;
    }
    if (row % 1024 === 1023) await pause();
  }
  return positions;
}

/** Each new vector is the sum of the old ones with the weights of one eigenvector. */
function combined(vectors: readonly Float64Array[], weights: readonly (readonly number[])[]): Float64Array[] {
  return weights.map((weight) => {
    const sum = new Float64Array(vectors[0]?.length ?? 0);
    vectors.forEach((vector, k) => {
      for (let i = 0; i < sum.length; i++) sum[i]! += (weight[k] ?? 0) * vector[i]!;
    });
    return sum;
  });
}

/** Gram-Schmidt, twice for accuracy; what is left of a direction without an own part becomes zero. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const own = Float64Array.from(vector);
    const before = Math.sqrt(dot(own, own));
    for (let pass = 0; pass < 2; pass++)
      for (const other of done) {
        const part = dot(own, other);
        for (let i = 0; i < own.length; i++) own[i]! -= part * other[i]!;
      }
    const length = Math.sqrt(dot(own, own));
    done.push(own.map((value) => (length > before * 1e-12 && length > 0 ? value / length : 0)));
  }
  return done;
}

function pointed(directions: readonly Float64Array[]): Float64Array[] {
  return directions.map((direction) => {
    const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) + 1e-12 ? value : most), 0);
    return largest < 0 ? direction.map((value) => -value) : direction;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
