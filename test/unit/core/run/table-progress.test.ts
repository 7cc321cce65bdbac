import assert from 'node:assert/strict';
import type { EngineEvent } from '../../../../src/core/engine-deps.ts';
import { TableProgress } from '../../../../src/core/run/table-progress.ts';

describe('progress of tables', () => {
  let events: EngineEvent[];
  let now: number;
  beforeEach(() => {
    events = [];
    now = 0;
  });

  const progressOf = (tables: readonly { to: string; rowsRead: number; rowsWritten: number }[], rows: Record<string, number>) =>
    new TableProgress(tables, (table) => rows[table] ?? null, {
      clock: { now: () => 0, elapsed: () => now },
      emit: (event) => void events.push(event),
    });
  const told = (): readonly unknown[] =>
    events.map((event) =>
      event.type === 'table' ? [event.table, event.state, event.rows, 'totalRows' in event ? event.totalRows : '-'] : event,
    );

  it('counts each table for itself, and tells at most ten times a second', () => {
    const tables = progressOf(
      [
        { to: 's.a', rowsRead: 0, rowsWritten: 0 },
        { to: 's.b', rowsRead: 0, rowsWritten: 0 },
      ],
      { 's.a': 1000 },
    );
    assert.deepEqual(told(), []);
    tables.add('s.a', { rows: 100, bytes: 1, rejected: 0 });
    tables.add('s.b', { rows: 7, bytes: 1, rejected: 0 });
    tables.add('s.a', { rows: 100, bytes: 1, rejected: 0 });
    now = 100;
    tables.add('s.a', { rows: 100, bytes: 1, rejected: 0 });
    assert.deepEqual(told(), [
      ['s.a', 'rows', 100, 1000],
      ['s.b', 'rows', 7, null],
      ['s.a', 'rows', 300, 1000],
    ]);
  });

  it('counts rejected rows while it goes on, and written ones at the end, which is told once', () => {
    const tables = progressOf([{ to: 's.a', rowsRead: 0, rowsWritten: 0 }], { 's.a': 20 });
    tables.add('s.a', { rows: 10, bytes: 1, rejected: 3 });
    now = 1000;
    tables.add('s.a', { rows: 10, bytes: 1, rejected: 0 });
    tables.done('s.a');
    assert.deepEqual(told(), [
      ['s.a', 'rows', 10, 20],
      ['s.a', 'done', 17, '-'],
    ]);
  });

  it('goes on from what earlier attempts have loaded', () => {
    const tables = progressOf([{ to: 's.a', rowsRead: 600, rowsWritten: 590 }], { 's.a': 1000 });
    now = 200;
    tables.add('s.a', { rows: 50, bytes: 1, rejected: 0 });
    assert.deepEqual(told(), [
      ['s.a', 'rows', 600, 1000],
      ['s.a', 'rows', 650, 1000],
    ]);
  });
});
