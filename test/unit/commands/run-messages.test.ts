import assert from 'node:assert/strict';
import { retryEnd, runEnd, runLine } from '../../../src/commands/run-messages.ts';
import { MigrationError, toErrorShape } from '../../../src/core/errors.ts';
import type { ExistingOutcome, RunResult } from '../../../src/core/index.ts';
import type { RunEntry } from '../../../src/host/host.ts';
import { plainText } from '../../helpers/plain-text.ts';

const run = (changes: Partial<RunEntry>): RunEntry => ({
  runId: 'r-1',
  key: 'run 1',
  name: 'shop',
  profile: 'embedded',
  planUri: null,
  status: 'done',
  startedAt: 0,
  finishedAt: 1000,
  progress: null,
  rows: 48_211,
  rowsCounted: true,
  rejects: 0,
  verification: 'match',
  result: null,
  error: null,
  live: false,
  activity: null,
  ...changes,
});
type Cause = ConstructorParameters<typeof MigrationError>;
const failed = (code: Cause[0], context: NonNullable<Cause[1]>['context'], changes: Partial<RunEntry> = {}): RunEntry =>
  run({
    status: 'failed',
    verification: null,
    error: toErrorShape(new MigrationError(code, { ...(context === undefined ? {} : { context }) })),
    ...changes,
  });
const cancelled = (changes: Partial<RunEntry>): RunEntry => failed('cancelled', {}, { status: 'cancelled', ...changes });

/** A run in mode sync over two tables that were there. */
const synced = (rows: number, ...outcomes: readonly Partial<ExistingOutcome>[]): RunEntry =>
  run({
    rows,
    result: { tables: outcomes.map((outcome) => ({ existing: { mode: 'sync', ...outcome } })) } as unknown as RunResult,
  });

const undo = ['resume', 'roll-back'];
const look = ['report', 'rows', 'roll-back'];

describe('what a run says at its end', () => {
  for (const [title, entry, level, text, actions] of [
    ['every cell arrived', run({}), 'info', 'shop: 48,211 rows arrived, every cell compared.', look],
    ['one row', run({ rows: 1 }), 'info', 'shop: 1 row arrived, every cell compared.', look],
    ['no verification', run({ verification: 'skipped' }), 'info', 'shop: 48,211 rows arrived, not verified.', look],
    [
      'a store that has not changed',
      synced(0, { unchanged: 4000, gone: 0, deleted: 0 }, { unchanged: 1000 }),
      'info',
      'shop: 0 rows are new or changed, 5,000 unchanged, every cell compared.',
      look,
    ],
    [
      'a store that has changed',
      synced(1, { unchanged: 7, gone: 2, deleted: 0 }, { unchanged: 1, gone: 0, deleted: 3 }),
      'info',
      'shop: 1 row is new or changed, 8 unchanged, 2 gone from the source and kept, 3 gone from the source and deleted, every cell compared.',
      look,
    ],
    [
      'a mismatch',
      run({ verification: 'mismatch' }),
      'warning',
      'shop: 48,211 rows arrived, but the target differs from the source.',
      look,
    ],
    [
      'rejects',
      run({ status: 'partial', rejects: 3 }),
      'warning',
      'shop: 48,211 rows arrived, 3 were rejected, every cell compared.',
      look,
    ],
    [
      'rejects and a mismatch',
      run({ status: 'partial', rejects: 1, verification: 'mismatch' }),
      'warning',
      'shop: 48,211 rows arrived, 1 was rejected, but the target differs from the source.',
      look,
    ],
    ['cancelled before it was begun', cancelled({ runId: null, rows: 0 }), 'info', 'shop was cancelled. Nothing was written.', []],
    [
      'cancelled before the first row',
      cancelled({ rows: 0 }),
      'info',
      'shop was cancelled. No row is committed yet. Resume Run goes on where it stopped.',
      undo,
    ],
    [
      'cancelled in the middle',
      cancelled({ rows: 412_000 }),
      'info',
      'shop was cancelled. 412,000 rows are committed and stay. Resume Run goes on where it stopped.',
      undo,
    ],
    [
      'cancelled, and the target has not answered yet',
      cancelled({ rows: 412_000, rowsCounted: false }),
      'info',
      'shop was cancelled. At least 412,000 rows are committed and stay. Resume Run goes on where it stopped.',
      undo,
    ],
    [
      'cancelled, and nobody knows yet what is committed',
      cancelled({ rows: 0, rowsCounted: false }),
      'info',
      'shop was cancelled. The Runs view will show how many rows are committed. Resume Run goes on where it stopped.',
      undo,
    ],
    [
      'an engine that was killed',
      failed('engine-stopped', { detail: 'signal SIGKILL', runId: 'r-1' }, { rows: 1 }),
      'error',
      'shop failed. The engine process has ended: signal SIGKILL. 1 row is committed and stays. What was committed is kept: resume run r-1 or roll it back.',
      ['report', ...undo],
    ],
  ] as const) {
    it(title, () => assert.deepEqual(runEnd(entry, plainText), { level, text, actions }));
  }

  it('several things that are wrong before anything was begun are told in one message', () => {
    const context = { tables: ['public.a'], target: 'shop', also: ['User "app" has no right CREATE. Ask for: GRANT …;'] };
    const { text } = runEnd(failed('table-exists', context, { runId: null, rows: 0 }), plainText);
    assert.match(
      text,
      /^shop failed\. Mode create .*: public\.a\. Nothing was changed\. Also: User "app" has no right CREATE\. Ask for: GRANT …\. Choose/,
    );
  });

  it('a failure before anything was begun: what is wrong and its remedy, and nothing to resume', () => {
    const end = runEnd(
      failed('rejects-expected', { rejects: 7, examples: ['public.a.b: 7 of 9 rows', 'rowid 3, b: too large'] }, { runId: null, rows: 0 }),
      plainText,
    );
    assert.match(
      end.text,
      /^shop failed\. 7 rows cannot be converted as the plan says, so nothing was written\. public\.a\.b: 7 of 9 rows; rowid 3, b: too large\. Widen the types/,
    );
    assert.deepEqual([end.level, end.actions], ['error', ['log']]);
  });
});

describe('what a retry of rejected rows says at its end', () => {
  const retried = (rows: number, rejects: number, status: 'match' | 'mismatch' = 'match') =>
    ({ retried: rows, result: { rejects, verification: { status } } }) as Parameters<typeof retryEnd>[1];
  for (const [title, end, level, text] of [
    ['the last one', retried(1, 0), 'info', 'shop: 1 row went in, no row is rejected any more, every cell compared.'],
    ['some', retried(1_200, 1), 'warning', 'shop: 1,200 rows went in, 1 is still rejected; the Runs view says why.'],
    ['none', retried(0, 3), 'warning', 'shop: 0 rows went in, 3 are still rejected; the Runs view says why.'],
    ['a mismatch', retried(2, 3, 'mismatch'), 'warning', 'shop: 2 rows went in, but the target differs from the source.'],
  ] as const) {
    it(title, () => assert.deepEqual(retryEnd('shop', end, plainText), { level, text }));
  }
});

describe('what a run says while it goes on', () => {
  for (const [title, event, line] of [
    ['a phase', { type: 'phase', phase: 'post-data' }, { text: 'keys and indexes', percent: 0 }],
    [
      'rows',
      { type: 'progress', phase: 'data', rows: 629, totalRows: 1000, bytes: 1, rate: 10, secondsLeft: 65.2 },
      { text: 'loading rows · 62 % · 1 min 06 s left', percent: 62 },
    ],
    [
      'rows that nobody counted',
      { type: 'progress', phase: 'preflight', rows: 1200, totalRows: null, bytes: 1, rate: 10, secondsLeft: null },
      { text: 'checking the target · 1,200 rows', percent: 0 },
    ],
    [
      'a comparison, which does not move the bar',
      { type: 'progress', phase: 'verify', rows: 500, totalRows: 1000, bytes: 1, rate: 0, secondsLeft: null },
      { text: 'comparing every cell · 50 %', percent: 0 },
    ],
    [
      'an index of which the server says how far it is',
      { type: 'index', phase: 'post-data', index: 'v_idx', table: 's.v', state: 'building', step: 'building index', percent: 7 },
      { text: 'building v_idx · 7 %', percent: 0 },
    ],
    [
      'an index that one session builds',
      { type: 'index', phase: 'post-data', index: 'v_idx', table: 's.v', state: 'start', step: null, percent: null },
      { text: 'building v_idx', percent: 0 },
    ],
    ['a table, of which the Runs view tells', { type: 'table', phase: 'data', table: 's.a', state: 'rows', rows: 1, totalRows: 2 }, null],
  ] as const) {
    it(title, () => assert.deepEqual(runLine(event, plainText), line));
  }
});
