import { UMAP } from 'umap-js';
import { MigrationError } from '../../errors.ts';
import type { VectorMetric } from '../../model/neighbours.ts';
import type { MapStage } from '../../model/vector-map.ts';
import { seededRandom } from './seeded-random.ts';
import { vectorAt, type VectorMatrix } from './vector-matrix.ts';

export interface UmapSettings {
  readonly seed: number;
  readonly metric: VectorMetric;
  readonly neighbours: number;
  readonly minDistance: number;
  /** Awaited between epochs; throws to stop the work. */
  readonly pause: () => Promise<void>;
  readonly onProgress: (stage: MapStage, done: number, total: number) => void;
}

const leastRows = 5;

/**
 * x and y of each row by UMAP on all dimensions, the same for the same rows and seed. Finding the neighbours is one synchronous call that nothing but the end of
 * the thread can stop: run it in a worker. Throws `bad-usage` for fewer than five rows.
 */
export async function projectUmap(matrix: VectorMatrix, settings: UmapSettings): Promise<Float32Array> {
  const { rows } = matrix;
  if (rows < leastRows)
    throw new MigrationError('bad-usage', {
      context: {
        detail: `UMAP needs at least ${leastRows} vectors, and there ${rows === 1 ? 'is 1' : `are ${rows}`}`,
        hint: 'Choose PCA.',
      },
    });
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(settings.neighbours, rows - 1),
    minDist: settings.minDistance,
    random: seededRandom(settings.seed),
    ...(settings.metric === 'l1' ? { distanceFn: manhattan } : {}),
  });
  settings.onProgress('neighbours', 0, 1);
  await settings.pause();
  const epochs = umap.initializeFit(vectorsOf(matrix, settings.metric) as unknown as number[][]);
  for (let epoch = 0; epoch < epochs; epoch = umap.step()) {
    settings.onProgress('layout', epoch, epochs);
    await settings.pause();
  }
  const positions = new Float32Array(rows * 2);
  umap.getEmbedding().forEach(([x = 0, y = 0], row) => positions.set([x, y], row * 2));
  return positions;
}

/** For cosine and inner product the directions count: distances between vectors of length 1 order as their angles do. */
function vectorsOf(matrix: VectorMatrix, metric: VectorMetric): readonly Float32Array[] {
  const isOfAngles = metric === 'cosine' || metric === 'ip';
  return Array.from({ length: matrix.rows }, (_, row) => (isOfAngles ? unit(vectorAt(matrix, row)) : vectorAt(matrix, row)));
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}

function manhattan(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum;
}
