import assert from 'node:assert/strict';
import { MigrationError } from '../../../../src/core/errors.ts';
import type { Reject, RunReport, RunResult, RunSummary, TargetChoice } from '../../../../src/core/index.ts';
import type { RunStart } from '../../../../src/host/host.ts';
import { RunsModel } from '../../../../src/host/runs/runs-model.ts';
import { UnfinishedRuns } from '../../../../src/host/runs/unfinished-runs.ts';
import { FakeEngines, FakeMemory, settled, type Call } from '../../../helpers/fake-engines.ts';

const planText = `{ // a comment
  "name": "shop", "target": { "schema": "app" },
  "tables": [ { "from": "a", "to": "a" }, { "from": "b", "to": { "schema": "other", "table": "b" } }, { "from": "c", "to": "c", "include": false } ] }`;
const choice = { kind: 'embedded', directory: '/w/.sluice/postgres', name: 'embedded' } as const satisfies TargetChoice;
const start: RunStart = {
  plan: { uri: { scheme: 'file', fsPath: '/w/shop.sluice.json' } as RunStart['plan']['uri'], text: planText },
  profile: 'embedded',
  resume: null,
  acceptStale: false,
  overrides: {},
};
const resultOf = (status: RunResult['status']): RunResult =>
  ({
    runId: 'r-1',
    status,
    tables: [{ to: 'app.a', rowsWritten: 5 }],
    rejects: status === 'partial' ? 2 : 0,
    verification: { status: 'match', tables: [] },
  }) as unknown as RunResult;
const summaryOf = (runId: string, status: RunSummary['status'], startedAt = '2026-01-01T00:00:00Z'): RunSummary => ({
  runId,
  name: 'shop',
  status,
  startedAt,
  finishedAt: startedAt,
  planHash: 'h',
  engineVersion: '0',
  rowsWritten: 7,
  rejects: 0,
  verification: null,
});

const reject: Reject = {
  table: 'app.a',
  provenance: 'rowid 7',
  column: 'v',
  code: 'wrong-type',
  message: 'a text is not an integer',
  value: 'x',
};

describe('runs of a window', () => {
  let history: readonly RunSummary[];
  let marked: string[];
  let runs: RunsModel;
  let memory: FakeMemory;
  beforeEach(() => {
    memory = new FakeMemory();
    history = [];
    marked = [];
  });
  afterEach(() => runs.dispose());

  function model(run: (call: Call) => Promise<RunResult>, resolve: () => Promise<TargetChoice> = async () => choice): FakeEngines {
    const engines = new FakeEngines({ run: (_, call) => run(call), runs: () => history });
    const targets = {
      resolve,
      find: (id: string) => ({ profile: { id }, connected: true }) as never,
      embeddedId: (directory: string) => (directory === choice.directory ? 'embedded' : `embedded:${directory}`),
      reload: () => {},
      markConnected: (id: string) => void marked.push(id),
    };
    runs = new RunsModel({
      engines,
      targets,
      now: () => 1_000,
      unfinished: new UnfinishedRuns(memory),
      parseUri: (uri) => ({ scheme: 'file', fsPath: uri, toString: () => uri }) as RunStart['plan']['uri'],
    });
    return engines;
  }
  const untilAborted = (call: Call): Promise<never> =>
    new Promise((_, reject) => {
      const end = (): void => reject(new MigrationError('cancelled', { context: { runId: 'r-1' } }));
      if (call.signal.aborted) end();
      else call.signal.addEventListener('abort', end);
    });

  it('is told from start to proof', async () => {
    const engines = model(async ({ onEvent }) => {
      assert.deepEqual(
        runs.list.map(({ status, live, name, profile }) => [status, live, name, profile]),
        [['starting', true, 'shop', 'embedded']],
      );
      assert.deepEqual(
        runs.list[0]!.progress!.tables.map(({ name, state }) => [name, state]),
        [
          ['app.a', 'waiting'],
          ['other.b', 'waiting'],
        ],
      );
      onEvent({ type: 'progress', phase: 'preflight', rows: 9, totalRows: null, bytes: 0, rate: 1, secondsLeft: null });
      onEvent({ type: 'phase', phase: 'data', runId: 'r-1' });
      assert.equal(runs.list[0]!.progress!.rows, 0, 'each phase counts for itself');
      onEvent({ type: 'progress', phase: 'data', rows: 3, totalRows: 5, bytes: 9, rate: 10, secondsLeft: 0.2 });
      onEvent({ type: 'table', phase: 'data', table: 'app.a', state: 'rows', rows: 2, totalRows: 3 });
      assert.deepEqual(runs.list[0]!.progress!.tables[0], { name: 'app.a', state: 'loading', rows: 2, totalRows: 3 });
      onEvent({ type: 'table', phase: 'data', table: 'app.a', state: 'done' });
      const [live] = runs.list;
      assert.deepEqual([live!.runId, live!.status, live!.rows, live!.progress!.rate], ['r-1', 'running', 3, 10]);
      assert.deepEqual(
        live!.progress!.tables.map(({ state }) => state),
        ['loaded', 'loading'],
      );
      return resultOf('done');
    });
    const events: string[] = [];
    const entry = await runs.start(start, ({ type }) => events.push(type));
    assert.deepEqual([entry.status, entry.live, entry.rows, entry.verification, entry.error], ['done', false, 5, 'match', null]);
    assert.deepEqual(events, ['progress', 'phase', 'progress', 'table', 'table']);
    assert.deepEqual(marked, ['embedded']);
    const request = engines.asked[0]!.params as { input: unknown; target: unknown; verify: boolean };
    assert.deepEqual(request.input, { kind: 'plan', text: planText, path: '/w/shop.sluice.json' });
    assert.deepEqual([request.target, request.verify], [choice, true]);
  });

  it('is cancelling at once, and cancelled when the engine has stopped', async () => {
    model(untilAborted);
    const running = runs.start(start);
    await settled();
    const seen: (string | undefined)[] = [];
    runs.onDidChange(() => seen.push(runs.list[0]?.status));
    runs.cancel(runs.list[0]!.key);
    assert.equal(seen[0], 'cancelling');
    const entry = await running;
    assert.deepEqual([entry.status, entry.error?.code, entry.runId, entry.live], ['cancelled', 'cancelled', 'r-1', false]);
    runs.cancel(entry.key);
    assert.equal(runs.find(entry.key)!.status, 'cancelled');
  });

  it('says how many rows of a stopped run are committed, as the target counts them', async () => {
    history = [summaryOf('r-1', 'running')];
    model(untilAborted, async () => ({ kind: 'postgres', name: 'env:X' }) as unknown as TargetChoice);
    const running = runs.start({ ...start, profile: 'env:X' });
    await settled();
    runs.cancel(runs.list[0]!.key);
    const entry = await running;
    // The engine was killed before it could note the end: what this window knows counts.
    assert.deepEqual([entry.rows, entry.rowsCounted, entry.status], [7, true, 'cancelled']);
  });

  it('does not wait for an embedded target that was killed: its count comes later', async () => {
    history = [summaryOf('r-1', 'running')];
    model(untilAborted);
    const running = runs.start(start);
    await settled();
    runs.cancel(runs.list[0]!.key);
    const entry = await running;
    assert.deepEqual([entry.rows, entry.rowsCounted], [0, false]);
    await settled();
    assert.deepEqual([runs.find('r-1')!.rows, runs.find('r-1')!.rowsCounted], [7, true]);
  });

  it('believes the engine that has counted itself', async () => {
    history = [summaryOf('r-1', 'cancelled')];
    model(async () => {
      throw new MigrationError('cancelled', { context: { runId: 'r-1', rowsCommitted: 5 } });
    });
    const entry = await runs.start(start);
    assert.deepEqual([entry.rows, entry.rowsCounted, entry.status], [5, true, 'cancelled']);
  });

  it('never rejects: a failure is kept with its remedy', async () => {
    model(async () => {
      throw new MigrationError('table-exists', { context: { tables: ['app.a'], runId: 'r-9' } });
    });
    const entry = await runs.start(start);
    assert.deepEqual([entry.status, entry.error?.code, entry.runId], ['failed', 'table-exists', 'r-9']);
    assert.notEqual(entry.error?.remedy, '');
  });

  it('leaves no trace of a run whose password was not given, and keeps other failures before the start', async () => {
    model(untilAborted, async () => {
      throw new MigrationError('cancelled');
    });
    assert.equal((await runs.start(start)).status, 'cancelled');
    assert.deepEqual(runs.list, []);
    model(untilAborted, async () => {
      throw new MigrationError('unknown-target');
    });
    assert.equal((await runs.start(start)).error?.code, 'unknown-target');
    assert.equal(runs.list.length, 1);
  });

  it('hears a cancellation while the target is looked up', async () => {
    let give: (target: TargetChoice) => void = () => {};
    const engines = model(untilAborted, () => new Promise((resolve) => (give = resolve)));
    const running = runs.start(start);
    runs.cancel(runs.list[0]!.key);
    give(choice);
    assert.equal((await running).status, 'cancelled');
    assert.equal(engines.count('run'), 0);
  });

  it('shows the history once beside live runs, newest first', async () => {
    history = [
      summaryOf('r-3', 'done', '2026-01-03T00:00:00Z'),
      summaryOf('r-2', 'failed', '2026-01-02T00:00:00Z'),
      summaryOf('r-1', 'done'),
    ];
    model(async () => resultOf('partial'));
    runs.refresh('embedded');
    assert.equal(runs.list.length, 0);
    await settled();
    assert.deepEqual(
      runs.list.map(({ runId }) => runId),
      ['r-3', 'r-2', 'r-1'],
    );
    await runs.start(start);
    await settled();
    assert.equal(runs.list.filter(({ runId }) => runId === 'r-1').length, 1);
    assert.equal(runs.find('r-1')!.status, 'done', 'what the target says counts once the run is over');
    assert.equal(runs.loading, false);
  });

  it('gives a resumed run one entry', async () => {
    model(untilAborted);
    const first = runs.start(start);
    await settled();
    runs.cancel(runs.list[0]!.key);
    await first;
    const second = runs.start({ ...start, resume: { runId: 'r-1' } });
    await settled();
    assert.deepEqual(
      runs.list.map(({ runId, live }) => [runId, live]),
      [['r-1', true]],
    );
    runs.cancel(runs.list[0]!.key);
    await second;
  });

  it('marks a run that is verified or rolled back, and leaves it as it was when that fails', async () => {
    history = [summaryOf('r-1', 'done')];
    const engines = model(untilAborted);
    runs.refresh('embedded');
    await settled();
    engines.answers.verify = async (_, { onEvent }) => {
      onEvent({ type: 'phase', phase: 'verify' });
      assert.deepEqual([runs.list[0]!.live, runs.list[0]!.activity, runs.list[0]!.status], [true, 'verify', 'done']);
      return { status: 'mismatch', tables: [], runId: 'r-1' };
    };
    assert.equal((await runs.verify(runs.list[0]!, new AbortController().signal)).status, 'mismatch');
    assert.deepEqual([runs.list[0]!.verification, runs.list[0]!.live], ['mismatch', false]);

    engines.answers.rollBack = () => {
      throw new MigrationError('rows-changed-since', { context: { tables: ['a'] } });
    };
    await assert.rejects(runs.rollBack(runs.list[0]!, new AbortController().signal), { code: 'rows-changed-since' });
    assert.deepEqual([runs.list[0]!.status, runs.list[0]!.live], ['done', false]);

    engines.answers.rollBack = () => {
      history = [summaryOf('r-1', 'rolled-back')];
      return { runId: 'r-1', dropped: [], restoredRows: 0, deletedRows: 0, kept: [] };
    };
    await runs.rollBack(runs.list[0]!, new AbortController().signal);
    await settled();
    assert.deepEqual(
      runs.list.map(({ status, live }) => [status, live]),
      [['rolled-back', false]],
    );
  });

  it('ends a verification by its own signal', async () => {
    history = [summaryOf('r-1', 'done')];
    const engines = model(untilAborted);
    runs.refresh('embedded');
    await settled();
    engines.answers.verify = (_, call) => untilAborted(call);
    const stop = new AbortController();
    const verifying = runs.verify(runs.list[0]!, stop.signal);
    await settled();
    stop.abort();
    assert.equal(runs.list[0]!.status, 'cancelling');
    await assert.rejects(verifying, { code: 'cancelled' });
    assert.equal(runs.list[0]!.status, 'done');
  });

  it('tells at most ten times a second, and the last time always', async () => {
    model(async ({ onEvent }) => {
      for (let rows = 1; rows <= 500; rows++)
        onEvent({ type: 'progress', phase: 'data', rows, totalRows: 500, bytes: 0, rate: 1, secondsLeft: 1 });
      await new Promise((resolve) => setTimeout(resolve, 150));
      assert.equal(runs.list[0]!.rows, 500);
      return resultOf('done');
    });
    let told = 0;
    runs.onDidChange((key) => (told += key === null ? 0 : 1));
    await runs.start(start);
    assert.ok(told >= 2 && told < 8, `${told} times`);
  });

  it('reads a report once, when it is asked for', async () => {
    history = [summaryOf('r-1', 'partial')];
    const engines = model(untilAborted);
    runs.refresh('embedded');
    await settled();
    const { key } = runs.list[0]!;
    engines.answers.report = () => ({ runId: 'r-1' }) as RunReport;
    runs.loadReport(key);
    runs.loadReport(key);
    assert.equal(runs.report(key).loading, true);
    await settled();
    runs.loadReport(key);
    assert.equal(runs.report(key).value?.runId, 'r-1');
    assert.equal(engines.count('report'), 1);
  });

  it('reads rejected rows page by page, once each, and says where they come from', async () => {
    history = [summaryOf('r-1', 'partial')];
    const engines = model(untilAborted);
    runs.refresh('embedded');
    await settled();
    const { key } = runs.list[0]!;
    const told: unknown[] = [];
    runs.onDidChange((changed) => told.push(changed));
    engines.answers.rejects = ({ offset = 0, limit = 0, table = '' }) => ({
      runId: 'r-1',
      status: 'partial',
      tables: [{ table, rejects: 201, retried: 0, source: 'main', from: 'stored', location: '/w/shop.db' }],
      rejects: Array.from({ length: Math.min(limit, 201 - offset) }, (_, i) => ({ ...reject, provenance: `rowid ${offset + i}` })),
      orphans: [],
    });
    for (const index of [0, 5, 199, 200]) runs.loadRejects(key, 'app.a', index);
    assert.equal(runs.rejects(key, 'app.a').at(0), undefined);
    await settled();
    runs.loadRejects(key, 'app.a', 0);
    const list = runs.rejects(key, 'app.a');
    assert.deepEqual(
      [0, 199, 200, 201].map((index) => list.at(index)?.provenance),
      ['rowid 0', 'rowid 199', 'rowid 200', undefined],
    );
    assert.deepEqual(list.origin, { location: '/w/shop.db', table: 'stored' });
    assert.equal(engines.count('rejects'), 2);
    assert.deepEqual(told, [key, key]);

    engines.answers.rejects = () => {
      throw new MigrationError('connection-lost', { context: { message: 'gone' } });
    };
    runs.loadRejects(key, 'app.b', 0);
    await settled();
    assert.equal(runs.rejects(key, 'app.b').error?.code, 'connection-lost');
  });

  it('retries rejected rows, has the outcome afterwards, and forgets what it knew of them', async () => {
    history = [{ ...summaryOf('r-1', 'partial'), rejects: 2 }];
    const engines = model(untilAborted);
    runs.refresh('embedded');
    await settled();
    const { key } = runs.list[0]!;
    engines.answers.rejects = () => ({ runId: 'r-1', status: 'partial', tables: [], rejects: [reject], orphans: [] });
    runs.loadRejects(key, 'app.a', 0);
    await settled();
    assert.equal(runs.rejects(key, 'app.a').at(0), reject);
    const events: string[] = [];
    engines.answers.retryRejects = (params, { onEvent }) => {
      onEvent({ type: 'phase', phase: 'data' });
      assert.deepEqual([runs.list[0]!.live, runs.list[0]!.activity, runs.list[0]!.status], [true, 'retry', 'partial']);
      assert.deepEqual([params.runId, params.plan, params.limit], ['r-1', { text: 'mended', path: '/w/shop.sluice.json' }, 0]);
      history = [summaryOf('r-1', 'done')];
      return { runId: 'r-1', status: 'done', retried: 2, rejects: [], result: resultOf('done') };
    };
    const plan = { text: 'mended', path: '/w/shop.sluice.json' };
    const onEvent = (event: { readonly type: string }): void => void events.push(event.type);
    const retried = await runs.retryRejects(runs.list[0]!, { plan, onEvent }, new AbortController().signal);
    await settled();
    assert.deepEqual([retried.retried, events], [2, ['phase']]);
    assert.deepEqual(
      runs.list.map(({ status, live, rejects, result }) => [status, live, rejects, result?.status]),
      [['done', false, 0, 'done']],
    );
    assert.equal(runs.rejects(key, 'app.a').at(0), undefined);
  });

  describe('of a window that went before they ended', () => {
    beforeEach(async () => {
      model(async ({ onEvent }) => {
        onEvent({ type: 'phase', phase: 'data', runId: 'r-1' });
        onEvent({ type: 'progress', phase: 'data', rows: 3, totalRows: 5, bytes: 9, rate: 10, secondsLeft: 0.2 });
        return new Promise<never>(() => {});
      });
      void runs.start(start);
      await settled();
      runs.dispose();
    });

    it('are there to be resumed, before anybody has connected', async () => {
      const engines = model(async () => resultOf('done'));
      const [left] = runs.list;
      assert.deepEqual(
        [left!.runId, left!.name, left!.status, left!.live, left!.profile, left!.planUri?.toString(), left!.startedAt],
        ['r-1', 'shop', 'running', false, 'embedded', start.plan.uri.toString(), 1_000],
      );
      assert.deepEqual(engines.asked, []);
      const resumed = await runs.start({ ...start, resume: { runId: 'r-1' } });
      assert.equal(resumed.status, 'done');
      assert.deepEqual(
        runs.list.map(({ runId, status }) => [runId, status]),
        [['r-1', 'done']],
      );
      runs.dispose();
      model(untilAborted);
      assert.deepEqual(runs.list, [], 'a run that is done is read from its target');
    });

    it('are as their target knows them, once that is read', async () => {
      history = [summaryOf('r-1', 'cancelled')];
      model(untilAborted);
      runs.refresh('embedded');
      await settled();
      assert.deepEqual(
        runs.list.map(({ runId, status, rows }) => [runId, status, rows]),
        [['r-1', 'cancelled', 7]],
      );
      runs.dispose();
      model(untilAborted);
      assert.equal(runs.list.length, 1, 'it can still be resumed');
      history = [];
      runs.refresh('embedded');
      await settled();
      assert.deepEqual(runs.list, [], 'its database has gone');
      runs.dispose();
      model(untilAborted);
      assert.deepEqual(runs.list, []);
    });
  });
});
