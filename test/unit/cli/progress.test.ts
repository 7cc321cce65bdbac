import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { EngineEvent } from '../../../src/core/engine-deps.ts';
import { createProgress } from '../../../src/cli/progress/create-progress.ts';
import { formatProgress, formatTimeLeft, type ProgressState } from '../../../src/cli/progress/format-progress.ts';

const loading: Extract<EngineEvent, { type: 'progress' }> = {
  type: 'progress',
  phase: 'data',
  rows: 421_000,
  totalRows: 1_000_000,
  bytes: 1,
  rate: 85_000.4,
  secondsLeft: 6.8,
};
const state: ProgressState = { phase: 'data', table: 'shop.orders', progress: loading };

describe('progress line', () => {
  it('shows phase, percent, rows, rate, time left and table', () => {
    assert.equal(
      formatProgress(state, 200),
      'loading rows          ██████████░░░░░░░░░░░░░░   42 %  421,000 / 1,000,000 rows  85,000 rows/s  7 s left  shop.orders',
    );
  });
  it('shows no percent where the total is not known', () => {
    assert.equal(
      formatProgress({ ...state, table: null, progress: { ...loading, totalRows: null, secondsLeft: null } }, 200),
      'loading rows          421,000 rows  85,000 rows/s',
    );
  });
  it('never shows more than 100 %', () => {
    assert.match(formatProgress({ ...state, progress: { ...loading, rows: 1_000_001 } }, 200), /█{24} {2}100 %/);
  });
  it('fits a narrow screen', () => {
    for (const width of [0, 1, 20, 40, 79]) assert.ok(formatProgress(state, width).length <= Math.max(1, width), `width ${width}`);
  });

  it('draws how far the build of an index is, and only names one of which nobody knows', () => {
    const index = { type: 'index', phase: 'post-data', index: 'v_idx', table: 's.v', state: 'building' } as const;
    const building = { ...state, phase: 'post-data', index: { ...index, step: 'building index: loading tuples', percent: 50 } } as const;
    assert.match(formatProgress(building, 200), /keys and indexes +█{12}░{12} {3}50 % {2}v_idx {2}building index: loading tuples$/);
    assert.match(formatProgress({ ...building, index: { ...index, step: null, percent: null } }, 200), /keys and indexes +v_idx$/);
  });

  it('shows the files of a store that is being opened, and what part of them is read as soon as all are found', () => {
    const files = { type: 'files', phase: 'open', state: 'finding', files: 51_200, totalFiles: null, bytes: 0 } as const;
    const opening = { phase: 'open', table: null, progress: null, files } as const;
    assert.equal(formatProgress(opening, 200), 'opening the source    51,200 files found');
    const reading = { ...opening, files: { ...files, state: 'reading', totalFiles: 204_800 } } as const;
    assert.equal(formatProgress(reading, 200), 'opening the source    ██████░░░░░░░░░░░░░░░░░░   25 %  51,200 / 204,800 files');
  });
  for (const [seconds, text] of [
    [0, '0 s'],
    [0.1, '1 s'],
    [59.2, '1 min 00 s'],
    [61, '1 min 01 s'],
    [7325, '2 h 02 min'],
  ] as const) {
    it(`${seconds} seconds left`, () => assert.equal(formatTimeLeft(seconds), text));
  }
});

const events: EngineEvent[] = [
  { type: 'phase', phase: 'data', runId: 'r-0123456789ab' },
  { type: 'table', phase: 'data', table: 'shop.a\u001b[2J', state: 'start' },
  loading,
  { type: 'table', phase: 'data', table: 'shop.a\u001b[2J', state: 'done', rows: 1500 },
  { type: 'warning', warning: { code: 'orphans', message: 'two' } },
  { type: 'done', runId: 'r-0123456789ab', status: 'done' },
];

function shown(mode: 'auto' | 'none' | 'ndjson', isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const progress = createProgress(mode, { stderr: stream as unknown as NodeJS.WriteStream, environment: {} }, false);
  for (const event of events) progress.show(event);
  progress.note('cancelling…');
  progress.stop();
  return String(stream.read() ?? '');
}

describe('progress on stderr', () => {
  it('is a line per phase and table where nobody looks', () => {
    assert.equal(shown('auto', false), 'loading rows\n  shop.a\\x1b[2J: 1,500 rows\ncancelling…\n');
  });
  it('is one JSON event a line with ndjson', () => {
    const lines = shown('ndjson', true)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    assert.deepEqual(lines, [...events, { type: 'note', message: 'cancelling…' }]);
  });
  it('is silent with none, but for what must be said', () => {
    assert.equal(shown('none', true), 'cancelling…\n');
  });
  it('is a bar on a terminal, which shows the cursor again and lets no name move it', () => {
    const text = shown('auto', true);
    assert.ok(text.includes('█'), text);
    assert.ok(text.includes('loading rows'));
    assert.ok(text.lastIndexOf('\u001b[?25h') > text.lastIndexOf('\u001b[?25l'), 'cursor is back');
    assert.ok(!text.includes('\u001b[2J'));
    assert.ok(text.endsWith('cancelling…\n'));
  });
});
