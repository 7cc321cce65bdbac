import assert from 'node:assert/strict';
import { setImmediate as tick } from 'node:timers/promises';
import { TurnQueue } from '../../../../src/core/target/turn-queue.ts';

describe('TurnQueue', () => {
  it('lets one in at a time, in order of arrival', async () => {
    const queue = new TurnQueue();
    const seen: string[] = [];
    const visit = (name: string): Promise<void> =>
      queue.run(async () => {
        seen.push(`${name} in`);
        await tick();
        seen.push(`${name} out`);
      });
    await Promise.all(['a', 'b', 'c'].map(visit));
    assert.deepEqual(seen, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('goes on after a failure', async () => {
    const queue = new TurnQueue();
    await assert.rejects(
      queue.run(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await queue.run(async () => 7), 7);
  });

  it('keeps others out until a turn is given back, once', async () => {
    const queue = new TurnQueue();
    const release = await queue.take();
    let entered = 0;
    const others = [1, 2].map(() => queue.take().then(() => void entered++));
    await tick();
    assert.equal(entered, 0);
    release();
    release();
    await others[0];
    await tick();
    assert.equal(entered, 1);
  });
});
