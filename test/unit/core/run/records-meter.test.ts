import assert from 'node:assert/strict';
import type { EngineEvent } from '../../../../src/core/index.ts';
import { RecordsMeter } from '../../../../src/core/run/records-meter.ts';

describe('RecordsMeter', () => {
  it('counts records once while they are read, and from zero again while they are written', () => {
    const events: (readonly [number, number | null])[] = [];
    const clock = { at: 0 };
    const meter = new RecordsMeter({
      clock: { elapsed: () => clock.at, now: () => 0 },
      emit: (event: EngineEvent) => {
        if (event.type === 'progress' && event.phase === 'open') events.push([event.rows, event.totalRows]);
      },
    });
    for (const [records, of] of [
      [10, null],
      [25, null],
      [10, 25],
      [25, 25],
    ] as const) {
      clock.at += 200;
      meter.show({ records, of });
    }
    assert.deepEqual(events, [
      [10, null],
      [25, null],
      [10, 25],
      [25, 25],
    ]);
  });
});
