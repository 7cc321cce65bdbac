import assert from 'node:assert/strict';
import { MigrationError, toErrorShape } from '../../../src/core/errors.ts';
import type { Reject, RunReport, RunResult } from '../../../src/core/index.ts';
import type { RejectList, RunEntry, RunProgress, Runs } from '../../../src/host/host.ts';
import { notLoaded, nowLoaded } from '../../../src/host/loaded.ts';
import { originOf } from '../../../src/views/runs/orphans-of.ts';
import { runItem } from '../../../src/views/runs/run-item.ts';
import { runStatusText } from '../../../src/views/runs/run-status-text.ts';
import { RunsTree } from '../../../src/views/runs/runs-tree.ts';
import { plainText } from '../../helpers/plain-text.ts';

const now = new Date(2026, 2, 12, 10, 0).getTime();
const yesterday = new Date(2026, 2, 11, 10, 0).getTime();
const run = (changes: Partial<RunEntry>): RunEntry => ({
  runId: 'r-1',
  key: 'run 1',
  name: 'dira',
  profile: 'embedded',
  planUri: null,
  status: 'done',
  startedAt: yesterday,
  finishedAt: yesterday + 14_200,
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
const progress = (changes: Partial<RunProgress>): RunProgress => ({
  phase: 'data',
  rows: 62,
  totalRows: 100,
  rate: 10,
  secondsLeft: 5.2,
  tables: [],
  warnings: 0,
  index: null,
  ...changes,
});
const live = (changes: Partial<RunEntry>): RunEntry =>
  run({ status: 'running', live: true, activity: 'run', finishedAt: null, verification: null, ...changes });

describe('view of runs', () => {
  for (const [title, entry, description, context, icon] of [
    ['done', run({}), '48,211 rows · 14.2 s · yesterday', 'run-report-undoable', 'pass'],
    ['partial', run({ status: 'partial', rejects: 3 }), '3 rejects · partial · yesterday', 'run-report-retryable-undoable', 'warning'],
    ['mismatch', run({ verification: 'mismatch' }), '48,211 rows · 14.2 s · target differs · yesterday', 'run-report-undoable', 'error'],
    ['failed', run({ status: 'failed' }), 'failed · 48,211 rows · yesterday', 'run-report-resumable-undoable', 'error'],
    ['failed before it began', run({ status: 'failed', runId: null, rows: 0 }), 'failed · yesterday', 'run-lost', 'error'],
    ['cancelled', run({ status: 'cancelled', rows: 0 }), 'cancelled · yesterday', 'run-report-resumable-undoable', 'circle-slash'],
    ['left alone', run({ status: 'running', rows: 1 }), 'unfinished · 1 row · yesterday', 'run-report-resumable-undoable', 'debug-pause'],
    ['rolled back', run({ status: 'rolled-back' }), 'rolled back · yesterday', 'run-report', 'discard'],
    ['starting', live({ status: 'starting', progress: progress({ phase: 'open' }) }), 'starting…', 'run-live', 'sync~spin'],
    ['loading', live({ progress: progress({}) }), '62 % · 6 s left', 'run-live', 'sync~spin'],
    ['comparing', live({ progress: progress({ phase: 'compare' }) }), 'finding changes 62 % · 6 s left', 'run-live', 'sync~spin'],
    [
      'loading rows that nobody counted',
      live({ progress: progress({ totalRows: null }) }),
      'loading rows · 62 rows',
      'run-live',
      'sync~spin',
    ],
    ['making indexes', live({ progress: progress({ phase: 'post-data' }) }), 'keys and indexes', 'run-live', 'sync~spin'],
    [
      'building an index',
      live({ progress: progress({ phase: 'post-data', index: { name: 'v_idx', percent: 62 } }) }),
      'building v_idx · 62 %',
      'run-live',
      'sync~spin',
    ],
    ['verifying', live({ progress: progress({ phase: 'verify' }) }), 'verifying 62 % · 6 s left', 'run-live', 'sync~spin'],
    ['cancelling', live({ status: 'cancelling', progress: progress({}) }), 'cancelling…', 'run-cancelling', 'sync~spin'],
    ['being rolled back', live({ status: 'done', activity: 'roll-back' }), 'rolling back…', 'run-live', 'sync~spin'],
    ['retried', live({ status: 'partial', activity: 'retry', progress: progress({}) }), 'retrying rejected rows…', 'run-live', 'sync~spin'],
  ] as const) {
    it(title, () => {
      const item = runItem(entry, now, plainText);
      assert.deepEqual([item.description, item.context, item.icon?.id], [description, context, icon]);
    });
  }

  it('does not let a name or an error write Markdown', () => {
    const error = toErrorShape(new MigrationError('internal', { context: { detail: '[x](command:evil) <b>' } }));
    const { tooltip = '' } = runItem(run({ name: '**x** ![](http://e)', error }), now, plainText);
    assert.ok(!/(?<!\\)\[x|(?<!\\)<b|(?<!\\)!/.test(tooltip), tooltip);
  });

  const treeOf = (entry: RunEntry, report: RunReport | null, rejects: Partial<Pick<Runs, 'rejects' | 'loadRejects'>> = {}): RunsTree =>
    new RunsTree({
      runs: {
        rejects: () => ({ at: () => undefined, error: null, origin: null }),
        loadRejects: () => {},
        ...rejects,
        list: [entry],
        find: () => entry,
        loading: false,
        report: () => (report === null ? notLoaded() : nowLoaded(report)),
        loadReport: () => {},
      },
      now: () => now,
      t: plainText,
    });
  const rows = (tree: RunsTree, parent?: Parameters<RunsTree['children']>[0]) =>
    tree
      .children(parent)
      .map((node) => `${tree.item(node).label} | ${tree.item(node).description ?? ''} | ${tree.item(node).icon?.id ?? ''}`);
  const node = { kind: 'run', key: 'run 1' } as const;

  it('shows the tables of a live run', () => {
    const tables = [
      { name: 'public.a', state: 'verified', rows: 9310, totalRows: 9310 },
      { name: 'public.b', state: 'loading', rows: null, totalRows: null },
      { name: 'public.c', state: 'waiting', rows: null, totalRows: null },
      { name: 'public.d', state: 'loading', rows: 112_640, totalRows: 181_700 },
      { name: 'public.e', state: 'loading', rows: 12, totalRows: null },
    ] as const;
    assert.deepEqual(rows(treeOf(live({ progress: progress({ tables }) }), null), node), [
      'a | 9,310 rows · verified | pass',
      'b | loading | sync',
      'c | waiting | circle-large-outline',
      'd | 112,640 of 181,700 | sync',
      'e | 12 rows · loading | sync',
    ]);
  });

  const outcome = (to: string, rowsRejected: number) => ({
    source: 'main',
    from: to,
    to,
    rowsRead: 10,
    rowsWritten: 10 - rowsRejected,
    rowsRejected,
    bytes: 1,
    seconds: 0.8,
  });
  const reject = {
    table: 'public.a',
    provenance: 'rowid 7',
    column: 'strength',
    code: 'out-of-range',
    message: '12.5 does not fit',
    value: '12.5',
  };

  const partial = (rejected: number) =>
    ({
      tables: [outcome('public.a', rejected), outcome('other.b', 0)],
      rejects: { total: rejected, shown: [] },
      verification: { status: 'mismatch', tables: [{ table: 'other.b', missing: 1, extra: 0, different: 2 }] },
    }) as unknown as RunReport;
  const listOf = (...known: readonly Reject[]): RejectList => ({ at: (index) => known[index], error: null, origin: null });

  it('tells of a table in mode sync what was as the source has it, and what the source does not have any more', () => {
    const existing = { mode: 'sync', inserted: 1, updated: 1, deleted: 0, leftAlone: 2, unchanged: 4997, gone: 2 };
    const report = { tables: [{ ...outcome('public.a', 8), existing }], rejects: { total: 0, shown: [] }, verification: { tables: [] } };
    const tree = treeOf(run({}), report as unknown as RunReport);
    assert.deepEqual(rows(tree, node), ['a | 2 rows · 4,997 unchanged · 2 gone from the source · 0.8 s · 8 rejects | warning']);
  });

  it('shows tables of a run that is over, from the target, and below each its rejected rows', () => {
    const wanted: unknown[] = [];
    const long = {
      ...reject,
      provenance: 'rowid 8',
      column: null,
      message: 'refused',
      value: `a\u001b${'x'.repeat(100)}`,
      valueBytes: 4000,
    };
    const tree = treeOf(run({ status: 'partial', rejects: 3 }), partial(3), {
      rejects: () => listOf(reject, long),
      loadRejects: (...which) => wanted.push(which),
    });
    assert.deepEqual(rows(tree, node), [
      'public.a | 7 rows · 0.8 s · 3 rejects | warning',
      'other.b | 10 rows · 0.8 s · 3 rows differ | error',
    ]);
    const [first, second] = tree.children(node);
    assert.deepEqual([tree.item(first!).state, tree.item(second!).state], ['collapsed', 'leaf']);
    assert.deepEqual(rows(tree, first), ['3 rejected rows |  | warning']);
    const [group] = tree.children(first);
    assert.deepEqual(rows(tree, group), [
      'rowid 7 | strength: 12.5 · 12.5 does not fit | circle-slash',
      `rowid 8 | refused · a\\x1b${'x'.repeat(55)}… | circle-slash`,
      'Loading… |  | ',
    ]);
    // What is not read yet is asked for when it is drawn.
    assert.ok(wanted.length > 0 && wanted.every((which) => JSON.stringify(which) === '["run 1","public.a",2]'), JSON.stringify(wanted));
    assert.equal(tree.item(tree.children(group)[0]!).command?.id, 'sluice.openRows');
  });

  it('shows rows that are loaded without a parent beside those that are rejected', () => {
    const list = {
      table: 'public.a',
      constraint: 'a_up_fkey',
      columns: ['up'],
      references: 'public.p',
      referencesColumns: ['id'],
      total: 3,
      rows: [
        { key: ['7'], values: ['77'], provenance: 'rowid 7' },
        { key: ['9'], values: null, provenance: null },
      ],
    };
    const report = {
      ...partial(1),
      orphans: [list, { ...list, table: 'other.b', total: 1, rows: [] }],
      sources: [{ name: 'main', location: '/w/a.db' }],
    };
    const tree = treeOf(run({ status: 'partial', rejects: 1 }), report as unknown as RunReport);
    assert.deepEqual(rows(tree, node), [
      'public.a | 9 rows · 0.8 s · 1 reject · 3 without a parent | warning',
      'other.b | 10 rows · 0.8 s · 1 without a parent · 3 rows differ | error',
    ]);
    const [first] = tree.children(node);
    assert.deepEqual(rows(tree, first), ['1 rejected row |  | warning', '3 rows loaded without a parent |  | references']);
    const group = tree.children(first).at(-1);
    assert.deepEqual(rows(tree, group), [
      'rowid 7 | up: 77 · no such row in public.p | references',
      '9 | up · no such row in public.p | references',
      '1 more, which are counted and not listed |  | ',
    ]);
    const [found, foreign] = tree.children(group).map((child) => tree.item(child));
    assert.deepEqual([found?.command?.id, foreign?.command], ['sluice.openRows', undefined]);
    assert.match(found?.tooltip ?? '', /Loaded; foreign key a\\_up\\_fkey is not proved/);
    assert.deepEqual(originOf(report as unknown as RunReport, 'public.a'), { location: '/w/a.db', table: 'public.a' });
    assert.deepEqual(originOf({ ...report, sources: { main: '/w/b.db' } } as unknown as RunResult, 'public.a')?.location, '/w/b.db');
    assert.equal(originOf(report as unknown as RunReport, 'public.c'), null);
  });

  it('reads the first rejected rows when somebody looks, tells what is wrong, and holds 10,000', () => {
    const wanted: unknown[] = [];
    const entry = run({ status: 'partial', rejects: 12_000 });
    const group = { kind: 'run-rejects', key: 'run 1', table: 'public.a' } as const;
    const unread = treeOf(entry, partial(12_000), { loadRejects: (...which) => wanted.push(which) });
    assert.deepEqual(rows(unread, group), ['Loading… |  | ']);
    assert.deepEqual(wanted, [['run 1', 'public.a', 0]]);
    const error = toErrorShape(new MigrationError('connection-lost', { context: { message: 'gone' } }));
    assert.deepEqual(rows(treeOf(entry, partial(12_000), { rejects: () => ({ ...listOf(), error }) }), group), [
      'The connection to PostgreSQL broke: gone. |  | error',
    ]);
    const all = treeOf(entry, partial(12_000), { rejects: () => ({ at: () => reject, error: null, origin: null }) });
    assert.equal(all.children(group).length, 10_001);
    assert.equal(all.item(all.children(group).at(-1)!).label, '2,000 more; sluice rejects lists them all');
  });

  it('shows what ended a run above its tables', () => {
    const error = toErrorShape(new MigrationError('connection-lost', { context: { message: 'gone' } }));
    const result = {
      tables: [outcome('public.a', 0)],
      verification: { status: 'skipped', tables: [] },
      seconds: { total: 1 },
    } as unknown as RunResult;
    assert.deepEqual(rows(treeOf(run({ status: 'failed', error, result }), null), node), [
      'The connection to PostgreSQL broke: gone. |  | error',
      'a | 10 rows · 0.8 s | table',
    ]);
  });

  it('says that a report is loading', () => assert.deepEqual(rows(treeOf(run({}), null), node), ['Loading… |  | ']));
});

describe('status bar of runs', () => {
  for (const [title, runs, text] of [
    ['nothing without a live run', [run({})], null],
    ['rows', [run({}), live({ progress: progress({ rate: 11_510 }) })], 'Sluice 62 % · 11,510 rows/s · 6 s left'],
    ['a rate that is not known yet', [live({ progress: progress({ rate: 0, secondsLeft: null }) })], 'Sluice 62 %'],
    ['rows that nobody counted', [live({ progress: progress({ totalRows: null }) })], 'Sluice: loading rows · 10 rows/s · 62 rows'],
    ['a phase without rows', [live({ progress: progress({ phase: 'post-data' }) })], 'Sluice: keys and indexes'],
    ['a comparison', [live({ progress: progress({ phase: 'verify' }) })], 'Sluice: verifying 62 % · 10 rows/s · 6 s left'],
    ['a cancellation', [live({ status: 'cancelling', progress: progress({}) })], 'Sluice: cancelling…'],
    ['a roll back', [live({ status: 'done', activity: 'roll-back' })], 'Sluice: rolling back…'],
    ['several', [live({}), live({ key: 'run 2' })], 'Sluice: 2 runs'],
  ] as const) {
    it(title, () => assert.equal(runStatusText(runs, plainText), text));
  }
});
