import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { cancelOnSignal } from '../../../src/cli/cancel-on-signal.ts';

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

describe('cancel on a signal', () => {
  for (const [first, second] of [
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const) {
    it(`${first} cancels politely, then ${second} ends at once`, () => {
      const host = new FakeProcess();
      const said: string[] = [];
      const cancel = cancelOnSignal(host, (text) => said.push(text));
      assert.equal(cancel.signal.aborted, false);
      host.emit(first);
      assert.equal(cancel.signal.aborted, true);
      assert.equal(said.length, 1);
      assert.deepEqual(host.exits, []);
      host.emit(second);
      assert.deepEqual(host.exits, [130]);
    });
  }
  it('leaves no listener behind', () => {
    const host = new FakeProcess();
    cancelOnSignal(host, () => {}).dispose();
    assert.equal(host.listenerCount('SIGINT') + host.listenerCount('SIGTERM'), 0);
  });
});
