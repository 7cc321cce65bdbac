import type { VectorMetric } from '../../model/neighbours.ts';
import type { MapStage, Projection } from '../../model/vector-map.ts';
import { breather } from './breathe.ts';
import type { Layout } from './layout-cache.ts';
import { projectPca } from './project-pca.ts';
import { umapParameters } from './umap-parameters.ts';
import type { VectorMatrix } from './vector-matrix.ts';

/** What a layout is made from; its matrix is shared with whoever asked for it. */
export interface VectorLayout {
  readonly matrix: VectorMatrix;
  readonly metric: VectorMetric;
  readonly projection: Projection;
  readonly seed: number;
}

interface LayoutSurroundings {
  readonly signal: AbortSignal;
  /** Milliseconds from any start. */
  readonly elapsed: () => number;
  readonly onProgress: (progress: { readonly stage: MapStage; readonly done: number; readonly total: number }) => void;
}

/** Throws `cancelled` and `bad-usage`. */
export async function layOutVectors(layout: VectorLayout, { signal, elapsed, onProgress }: LayoutSurroundings): Promise<Layout> {
  const { matrix, metric, projection, seed } = layout;
  const pause = breather(signal, elapsed);
  if (projection === 'pca') {
    return projectPca(matrix, {
      seed,
      pause,
      onProgress: (share) => onProgress({ stage: 'project', done: Math.round(share * 100), total: 100 }),
    });
  }
  // Loaded at its first use: most threads never need it.
  const { projectUmap } = await import('./project-umap.ts');
  const positions = await projectUmap(matrix, {
    ...umapParameters,
    seed,
    metric,
    pause,
    onProgress: (stage, done, total) => onProgress({ stage, done, total }),
  });
  return { positions, variance: null };
}
