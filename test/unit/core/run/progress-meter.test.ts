import assert from 'node:assert/strict';
import type { EngineEvent } from '../../../../src/core/index.ts';
import { ProgressMeter } from '../../../../src/core/run/progress-meter.ts';

describe('ProgressMeter', () => {
  it('tells rows, rate over the last seconds and time left', () => {
    const { meter, clock, events } = setUp(1_000);
    clock.at = 1_000;
    meter.add({ rows: 100, bytes: 10 });
    clock.at = 2_000;
    meter.add({ rows: 100, bytes: 10 });
    assert.deepEqual(events.at(-1), { type: 'progress', phase: 'data', rows: 200, totalRows: 1_000, bytes: 20, rate: 100, secondsLeft: 8 });
  });

  it('is quiet between ten messages a second, but always tells the end', () => {
    const { meter, clock, events } = setUp(30);
    for (let i = 0; i < 3; i++) {
      clock.at += 1;
      meter.add({ rows: 10, bytes: 1 });
    }
    assert.deepEqual(
      events.map((event) => event.type === 'progress' && event.rows),
      [10, 30],
    );
  });

  it('tells what is left to tell when it ends early, once', () => {
    const { meter, clock, events } = setUp(100);
    meter.end();
    for (let i = 0; i < 3; i++) {
      clock.at += 1;
      meter.add({ rows: 10, bytes: 1 });
    }
    meter.end();
    meter.end();
    assert.deepEqual(
      events.map((event) => event.type === 'progress' && event.rows),
      [10, 30],
    );
  });

  it('starts a resumed run where it was', () => {
    const { meter, clock, events } = setUp(100, 60);
    clock.at = 1_000;
    meter.add({ rows: 20, bytes: 1 });
    assert.deepEqual(
      events.map((event) => event.type === 'progress' && [event.rows, event.rate, event.secondsLeft]),
      [[80, 20, 1]],
    );
  });

  it('says nothing of the time left when the number of rows is unknown', () => {
    const { meter, clock, events } = setUp(null);
    clock.at = 500;
    meter.add({ rows: 5, bytes: 1 });
    assert.equal(events[0]?.type === 'progress' ? events[0].secondsLeft : 'none', null);
  });
});

function setUp(totalRows: number | null, doneRows = 0): { meter: ProgressMeter; clock: { at: number }; events: EngineEvent[] } {
  const clock = { at: 0 };
  const events: EngineEvent[] = [];
  const deps = { clock: { now: () => 0, elapsed: () => clock.at }, emit: (event: EngineEvent) => void events.push(event) };
  return { meter: new ProgressMeter('data', totalRows, deps, doneRows), clock, events };
}
