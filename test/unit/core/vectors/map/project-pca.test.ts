import assert from 'node:assert/strict';
import fc from 'fast-check';
import { projectPca, type PcaResult } from '../../../../../src/core/vectors/map/project-pca.ts';
import { seededRandom } from '../../../../../src/core/vectors/map/seeded-random.ts';
import { symmetricEigen } from '../../../../../src/core/vectors/map/small-eigen.ts';
import { emptyMatrix, type VectorMatrix } from '../../../../../src/core/vectors/map/vector-matrix.ts';

const pause = (): Promise<void> => Promise.resolve();
const pca = (matrix: VectorMatrix, seed = 7): Promise<PcaResult> => projectPca(matrix, { seed, pause });

function matrixOf(rows: readonly (readonly number[])[]): VectorMatrix {
  const matrix = emptyMatrix(rows.length, rows[0]?.length ?? 0);
  matrix.values.set(rows.flat());
  return matrix;
}

/** Vectors whose spread falls from dimension to dimension, all turned together, so that no axis is a dimension. */
function cloud(rows: number, dimensions: number, seed: number): VectorMatrix {
  const random = seededRandom(seed);
  const normal = (): number => random() + random() + random() + random() - 2;
  const mix = Array.from({ length: dimensions }, () => Array.from({ length: dimensions }, normal));
  return matrixOf(
    Array.from({ length: rows }, () => {
      const own = Array.from({ length: dimensions }, (_, i) => normal() / (i + 1));
      return mix.map((weights) => 3 + weights.reduce((sum, weight, i) => sum + weight * own[i]!, 0));
    }),
  );
}

/** The same by other means: the whole covariance matrix, and all of its eigenvectors by Jacobi's rotations. */
function bruteForce({ values, rows, dimensions }: VectorMatrix): {
  readonly variance: readonly number[];
  readonly positions: readonly (readonly number[])[];
} {
  const at = (row: number, i: number): number => values[row * dimensions + i]!;
  const all = Array.from({ length: rows }, (_, row) => row);
  const places = Array.from({ length: dimensions }, (_, i) => i);
  const mean = places.map((i) => all.reduce((sum, row) => sum + at(row, i), 0) / rows);
  const covariance = places.map((i) =>
    places.map((j) => all.reduce((sum, row) => sum + (at(row, i) - mean[i]!) * (at(row, j) - mean[j]!), 0) / rows),
  );
  const total = places.reduce((sum, i) => sum + covariance[i]![i]!, 0);
  const eigen = symmetricEigen(covariance);
  return {
    variance: eigen.values.slice(0, 2).map((value) => value / total),
    positions: all.map((row) =>
      eigen.vectors.slice(0, 2).map((vector) => places.reduce((sum, i) => sum + (at(row, i) - mean[i]!) * vector[i]!, 0)),
    ),
  };
}

function assertSame(found: PcaResult, expected: ReturnType<typeof bruteForce>): void {
  for (const axis of [0, 1]) {
    assert.ok(Math.abs(found.variance[axis]! - expected.variance[axis]!) < 1e-6, `${found.variance.join()} ${expected.variance.join()}`);
    // An axis may point either way.
    const own = expected.positions.map((position) => position[axis]!);
    const farthest = own.reduce((best, value, row) => (Math.abs(value) > Math.abs(own[best]!) ? row : best), 0);
    const sign = Math.sign(own[farthest]! * found.positions[farthest * 2 + axis]!);
    const scale = Math.abs(own[farthest]!);
    own.forEach((value, row) =>
      assert.ok(Math.abs(value - sign * found.positions[row * 2 + axis]!) < 1e-3 * scale, `row ${row}, axis ${axis}`),
    );
  }
}

describe('principal components', () => {
  for (const [rows, dimensions] of [
    [50, 3],
    [400, 24],
    [12, 40],
  ] as const)
    it(`of ${rows} vectors of ${dimensions} dimensions are those of the whole covariance matrix`, async () => {
      const matrix = cloud(rows, dimensions, rows);
      assertSame(await pca(matrix), bruteForce(matrix));
    });

  it('are the same where there are too many dimensions for a covariance matrix', async () => {
    // Two directions with a spread of their own among 900 dimensions of small noise.
    const random = seededRandom(3);
    const rows = Array.from({ length: 60 }, () => {
      const [a, b] = [random() * 20 - 10, random() * 8 - 4];
      return Array.from({ length: 900 }, (_, i) => (i % 2 === 0 ? a : b) + random() * 0.01);
    });
    const { variance, positions } = await pca(matrixOf(rows));
    assert.ok(variance[0] + variance[1] > 0.9999, variance.join());
    const spreads = [0, 1].map((axis) => rows.reduce((sum, _, row) => sum + positions[row * 2 + axis]! ** 2, 0));
    const spread = (index: number): number => {
      const mean = rows.reduce((sum, row) => sum + row[index]!, 0) / rows.length;
      return rows.reduce((sum, row) => sum + 450 * (row[index]! - mean) ** 2, 0);
    };
    // The two are nearly independent; what they share turns the axes a little and leaves the sum.
    assert.ok(Math.abs((spreads[0]! + spreads[1]!) / (spread(0) + spread(1)) - 1) < 1e-3);
  });

  it('are the same for the same seed, and in another only where directions are equally long', async () => {
    const matrix = cloud(200, 16, 1);
    const [one, again, other] = [await pca(matrix), await pca(matrix), await pca(matrix, 8)];
    assert.deepEqual(one, again);
    other.positions.forEach((value, i) => assert.ok(Math.abs(value - one.positions[i]!) < 1e-3));
  });

  it('are zero without a spread, and one axis in one dimension', async () => {
    assert.deepEqual(
      await pca(
        matrixOf([
          [1, 2],
          [1, 2],
        ]),
      ),
      { positions: new Float32Array(4), variance: [0, 0] },
    );
    assert.deepEqual(await pca(matrixOf([[5, 5]])), { positions: new Float32Array(2), variance: [0, 0] });
    const line = await pca(matrixOf([[-1], [0], [4]]));
    assert.deepEqual([...line.positions], [-2, 0, -1, 0, 3, 0]);
    assert.deepEqual(line.variance, [1, 0]);
  });

  it('hear an abort between pieces', async () => {
    const stop = new Error('stop');
    await assert.rejects(projectPca(cloud(3_000, 4, 1), { seed: 1, pause: () => Promise.reject(stop) }), stop);
  });
});

describe('eigenvalues of a small symmetric matrix', () => {
  it('give the matrix back, largest first, for any matrix', () => {
    const matrix = fc
      .integer({ min: 1, max: 6 })
      .chain((size) => fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: size * size, maxLength: size * size }));
    fc.assert(
      fc.property(matrix, (numbers) => {
        const size = Math.sqrt(numbers.length);
        const a = Array.from({ length: size }, (_, i) =>
          Array.from({ length: size }, (__, j) => numbers[Math.min(i, j) * size + Math.max(i, j)]!),
        );
        const { values, vectors } = symmetricEigen(a);
        values.slice(1).forEach((value, i) => assert.ok(value <= values[i]! + 1e-9));
        a.forEach((row, i) =>
          row.forEach((value, j) => {
            const again = values.reduce((sum, lambda, k) => sum + lambda * vectors[k]![i]! * vectors[k]![j]!, 0);
            assert.ok(Math.abs(again - value) < 1e-8, `${again} ${value}`);
          }),
        );
      }),
    );
  });
});
