import assert from 'node:assert/strict';
import { projectUmap } from '../../../../../src/core/vectors/map/project-umap.ts';
import { seededRandom } from '../../../../../src/core/vectors/map/seeded-random.ts';
import { umapParameters } from '../../../../../src/core/vectors/map/umap-parameters.ts';
import { emptyMatrix, type VectorMatrix } from '../../../../../src/core/vectors/map/vector-matrix.ts';

const groups = 4;

/** Groups of directions far from each other in 20 dimensions; the length of a vector says nothing. */
function grouped(rows: number): VectorMatrix {
  const random = seededRandom(5);
  const matrix = emptyMatrix(rows, 20);
  for (let row = 0; row < rows; row++) {
    const length = 1 + random() * 9;
    for (let i = 0; i < 20; i++) matrix.values[row * 20 + i] = length * ((i % groups === row % groups ? 1 : 0) + random() * 0.2);
  }
  return matrix;
}

describe('a layout by UMAP', function () {
  this.timeout(60_000);
  const layOut = (matrix: VectorMatrix, seed = 7, more: Partial<Parameters<typeof projectUmap>[1]> = {}): Promise<Float32Array> =>
    projectUmap(matrix, {
      ...umapParameters,
      seed,
      metric: 'cosine',
      pause: () => Promise.resolve(),
      onProgress: () => undefined,
      ...more,
    });

  it('is the same for the same rows and seed, and another for another seed', async () => {
    const matrix = grouped(120);
    const first = await layOut(matrix);
    assert.deepEqual(await layOut(matrix), first);
    assert.notDeepEqual(await layOut(matrix, 8), first);
  });

  for (const metric of ['cosine', 'l2', 'l1'] as const)
    it(`keeps groups apart by ${metric}`, async () => {
      const matrix = grouped(160);
      // By the distances of l2 and l1 the lengths count, so they are made equal.
      if (metric !== 'cosine')
        for (let row = 0; row < 160; row++) {
          const vector = matrix.values.subarray(row * 20, (row + 1) * 20);
          const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
          vector.set(vector.map((value) => value / norm));
        }
      const positions = await layOut(matrix, 7, { metric });
      // The nearest point of each on the picture is of its own group.
      for (let row = 0; row < 160; row++) {
        let [best, least] = [-1, Infinity];
        for (let other = 0; other < 160; other++) {
          const distance = Math.hypot(positions[row * 2]! - positions[other * 2]!, positions[row * 2 + 1]! - positions[other * 2 + 1]!);
          if (other !== row && distance < least) [best, least] = [other, distance];
        }
        assert.equal(best % groups, row % groups, `row ${row}`);
      }
    });

  it('tells each stage, and stops between epochs', async () => {
    const stages: string[] = [];
    await layOut(grouped(40), 7, { onProgress: (stage, done, total) => void stages.push(`${stage} ${done}/${total}`) });
    assert.deepEqual([stages[0], stages[1]?.split('/')[0]], ['neighbours 0/1', 'layout 0']);
    let pauses = 0;
    const stop = new Error('stop');
    const pause = (): Promise<void> => (++pauses > 5 ? Promise.reject(stop) : Promise.resolve());
    await assert.rejects(layOut(grouped(40), 7, { pause }), stop);
    assert.equal(pauses, 6);
  });

  it('takes equal and zero vectors, and refuses fewer than five', async () => {
    const same = emptyMatrix(30, 3);
    same.values.fill(1, 0, 45);
    assert.ok((await layOut(same)).every(Number.isFinite));
    await assert.rejects(layOut(grouped(4)), { code: 'bad-usage' });
    assert.equal((await layOut(grouped(5))).length, 10);
  });
});
