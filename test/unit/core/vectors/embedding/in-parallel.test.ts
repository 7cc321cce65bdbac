import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../../../../src/core/vectors/embedding/in-parallel.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
}

describe('work in parallel', () => {
  const never = new AbortController().signal;

  it('does the first alone, and then no more at a time than allowed', async () => {
    const atOnce: number[] = [];
    let running = 0;
    await inParallel(numbers(7), 3, never, async () => {
      atOnce.push((running += 1));
      await sleep(3);
      running -= 1;
    });
    assert.deepEqual([atOnce.length, atOnce[0], atOnce[1], Math.max(...atOnce)], [7, 1, 1, 3]);
  });

  it('asks for nothing more after a failure, aborts the others and waits for them', async () => {
    const seen: string[] = [];
    let started = 0;
    const work = inParallel(numbers(9), 3, never, async (item, signal) => {
      started += 1;
      if (item === 2) throw new TypeError('two');
      await sleep(item === 1 ? 1000 : 1, undefined, { signal }).catch(() => seen.push(`${item} aborted`));
    });
    await assert.rejects(work, /two/);
    assert.ok(seen.includes('1 aborted') && started <= 4, `${seen.join()} of ${started}`);
  });

  it('fails as what it reads from fails', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new RangeError('no more');
    }
    let aborted = false;
    const work = inParallel(broken(), 3, never, async (_, signal) => {
      await sleep(20, undefined, { signal }).catch(() => (aborted = true));
    });
    await assert.rejects(work, /no more/);
    assert.equal(aborted, false, 'the first is alone, so that it is done by then');
  });
});
