import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as vscode from 'vscode';
import { MigrationError, toErrorShape } from '../../core/errors.ts';
import type { EngineEvent, ErrorShape, RetryResult, RollBackResult, RunReport, TargetChoice, VerifyResult } from '../../core/index.ts';
import type { EngineMethod, EngineRequests } from '../../protocol/engine-protocol.ts';
import { Emitter } from '../emitter.ts';
import type { Engines } from '../engines.ts';
import type { Loaded, RejectList, RetryStart, RunEntry, Runs, RunStart, Targets } from '../host.ts';
import { isUntouched, loadFailed, notLoaded, nowLoaded, nowLoading } from '../loaded.ts';
import { firstProgress, followProgress } from './follow-progress.ts';
import { outlinePlan } from './plan-outline.ts';
import { RejectLists } from './reject-lists.ts';
import { RunHistory } from './run-history.ts';
import { outcomeOf, requestOf } from './run-request.ts';
import { adoptSummary, emptyRecord, entryOf, entryOfSummary, isOver, placeKey, type Place, type RunRecord } from './run-record.ts';
import { Throttle } from './throttle.ts';
import type { UnfinishedRun, UnfinishedRuns } from './unfinished-runs.ts';

export interface RunsSurroundings {
  readonly engines: Pick<Engines, 'browse' | 'runAlone'>;
  readonly targets: Pick<Targets, 'resolve' | 'find' | 'embeddedId' | 'reload' | 'markConnected'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly unfinished: UnfinishedRuns;
  readonly parseUri: (uri: string) => vscode.Uri;
}

const tellEveryMs = 100;
/** How long the end of a stopped run waits for the target's own count of what is committed. */
const countWaitMs = 700;

/** Runs of this window and of the histories of its targets, as one list. */
export class RunsModel implements Runs {
  readonly #around: RunsSurroundings;
  readonly #changed = new Emitter<string | null>();
  readonly #tell = new Throttle(tellEveryMs, (key) => this.#changed.fire(key));
  readonly #history: RunHistory;
  readonly #records = new Map<string, RunRecord>();
  readonly #reports = new Map<string, Loaded<RunReport>>();
  readonly #rejects = new RejectLists((key) => this.#changed.fire(key));
  #count = 0;

  readonly onDidChange: Runs['onDidChange'] = this.#changed.event;

  constructor(around: RunsSurroundings) {
    this.#around = around;
    this.#history = new RunHistory(around.engines);
    for (const run of around.unfinished.list) this.#restore(run);
  }

  get list(): readonly RunEntry[] {
    const own = [...this.#records.values()];
    const taken = new Set(
      own.filter(({ runId }) => runId !== null).map((record) => `${record.place && placeKey(record.place)} ${record.runId}`),
    );
    const others = this.#history.places.flatMap(({ place, runs }) =>
      runs
        .filter(({ runId }) => !taken.has(`${placeKey(place)} ${runId}`))
        .map((run) => entryOfSummary(run, place, this.#profileOf(place))),
    );
    const entries = [...own.map((record) => this.#entry(record)), ...others];
    return entries.toSorted((a, b) => Number(b.live) - Number(a.live) || b.startedAt - a.startedAt);
  }

  get loading(): boolean {
    return this.#history.loading;
  }

  find(keyOrRunId: string): RunEntry | undefined {
    const { list } = this;
    return list.find(({ key }) => key === keyOrRunId) ?? list.find(({ runId }) => runId === keyOrRunId);
  }

  async start(start: RunStart, onEvent?: (event: EngineEvent) => void): Promise<RunEntry> {
    const record = this.#recordOfStart(start);
    const planPath = start.plan.uri.scheme === 'file' ? { planPath: start.plan.uri.fsPath } : {};
    try {
      const target = await this.#around.targets.resolve(start.profile, planPath);
      record.place = placeOf(target, start.profile);
      this.#keep(record);
      // A cancellation during the question for a password has nobody else who could hear it.
      record.abort?.signal.throwIfAborted();
      this.#tell.force(record.key);
      const result = await this.#runAlone(record, 'run', requestOf(start, target), onEvent);
      this.#finish(record, { ...outcomeOf(result), result, error: null });
    } catch (error) {
      this.#fail(record, error);
    }
    if (record.place === null) this.#dropUnstarted(record);
    else await this.#afterwards(record, record.place);
    return this.#entry(record);
  }

  cancel(key: string): void {
    const record = this.#records.get(key);
    if (record === undefined || record.abort === null || record.abort.signal.aborted) return;
    record.status = 'cancelling';
    this.#tell.force(key);
    record.abort.abort();
  }

  refresh(profile: string): void {
    void this.#readHistory(profile);
  }

  report(key: string): Loaded<RunReport> {
    return this.#reports.get(key) ?? notLoaded();
  }

  loadReport(key: string): void {
    const entry = this.find(key);
    if (entry === undefined || entry.runId === null || entry.live || !isUntouched(this.report(key))) return;
    const loading = nowLoading(this.report(key));
    this.#reports.set(key, loading);
    const { runId, profile } = entry;
    const settle = (report: Loaded<RunReport>): void => {
      if (this.#reports.get(key) !== loading) return;
      this.#reports.set(key, report);
      this.#changed.fire(key);
    };
    const read = async (): Promise<RunReport> =>
      this.#around.engines.browse('report', { target: await this.#around.targets.resolve(profile), runId });
    read().then(
      (report) => settle(nowLoaded(report)),
      (error: unknown) => settle(loadFailed(loading, error)),
    );
  }

  rejects(key: string, table: string): RejectList {
    return this.#rejects.get(key, table);
  }

  loadRejects(key: string, table: string, index: number): void {
    const entry = this.find(key);
    if (entry === undefined || entry.runId === null || entry.live) return;
    const { runId, profile } = entry;
    this.#rejects.load(key, table, index, async (page) =>
      this.#around.engines.browse('rejects', { target: await this.#around.targets.resolve(profile), runId, ...page }),
    );
  }

  async retryRejects(entry: RunEntry, { plan, onEvent }: RetryStart, signal: AbortSignal): Promise<RetryResult> {
    return this.#actOn(entry, 'retry', signal, async (record, runId, target) => {
      // What stays rejected is read when somebody looks at it.
      const retried = await this.#runAlone(record, 'retryRejects', { runId, target, plan, limit: 0 }, onEvent);
      Object.assign(record, { ...outcomeOf(retried.result), result: retried.result });
      return retried;
    });
  }

  async verify(entry: RunEntry, signal: AbortSignal): Promise<VerifyResult> {
    return this.#actOn(entry, 'verify', signal, async (record, runId, target) => {
      const result = await this.#runAlone(record, 'verify', { input: { kind: 'run', runId }, target });
      record.verification = result.status;
      return result;
    });
  }

  async rollBack(entry: RunEntry, signal: AbortSignal): Promise<RollBackResult> {
    return this.#actOn(entry, 'roll-back', signal, async (record, runId, target) => {
      const result = await this.#runAlone(record, 'rollBack', { runId, target, purge: false });
      record.status = 'rolled-back';
      this.#keep(record);
      return result;
    });
  }

  dispose(): void {
    this.#tell.dispose();
    this.#changed.dispose();
  }

  /** Something done to a run that is over; its entry is live meanwhile and stands as before when it fails. */
  async #actOn<T>(
    entry: RunEntry,
    activity: 'verify' | 'roll-back' | 'retry',
    signal: AbortSignal,
    act: (record: RunRecord, runId: string, target: TargetChoice) => Promise<T>,
  ): Promise<T> {
    const { runId } = entry;
    if (runId === null || entry.live)
      throw new MigrationError('bad-usage', { context: { detail: `${entry.name} has nothing to ${activity.replace('-', ' ')} now` } });
    const record = this.#recordOf(entry);
    const before = record.status;
    record.activity = activity;
    record.abort = new AbortController();
    const cancel = (): void => this.cancel(record.key);
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    this.#tell.force(record.key);
    try {
      const target = await this.#around.targets.resolve(this.#entry(record).profile);
      record.place ??= placeOf(target, entry.profile);
      return await act(record, runId, target);
    } finally {
      signal.removeEventListener('abort', cancel);
      if (record.status === 'cancelling') record.status = before;
      Object.assign(record, { activity: null, abort: null, progress: null });
      this.#tell.force(record.key);
      if (record.place !== null) void this.#afterwards(record, record.place);
    }
  }

  async #runAlone<M extends EngineMethod>(
    record: RunRecord,
    method: M,
    request: EngineRequests[M]['params'],
    onEvent?: (event: EngineEvent) => void,
  ): Promise<EngineRequests[M]['result']> {
    const signal = record.abort?.signal ?? AbortSignal.abort();
    return this.#around.engines.runAlone(method, request, {
      signal,
      onEvent: (event) => {
        this.#follow(record, event);
        onEvent?.(event);
      },
    });
  }

  #follow(record: RunRecord, event: EngineEvent): void {
    if (record.activity === null) return;
    record.progress = followProgress(record.progress ?? firstProgress([]), event);
    if (record.activity === 'run') {
      if (record.status === 'starting') record.status = 'running';
      if (event.type === 'progress' && event.phase === 'data') record.rows = event.rows;
      if ((event.type === 'phase' || event.type === 'done') && event.runId !== undefined) this.#learnRunId(record, event.runId);
    }
    this.#tell.ask(record.key);
  }

  /** A resumed run has one entry, not two. */
  #learnRunId(record: RunRecord, runId: string): void {
    if (record.runId === runId) return;
    record.runId = runId;
    this.#keep(record);
    for (const other of this.#records.values()) {
      if (other !== record && other.runId === runId && other.activity === null) {
        this.#records.delete(other.key);
        this.#reports.delete(other.key);
      }
    }
    this.#changed.fire(null);
  }

  #fail(record: RunRecord, thrown: unknown): void {
    const cancelled = record.abort?.signal.aborted === true && toErrorShape(thrown).code === 'internal';
    const error = toErrorShape(cancelled ? new MigrationError('cancelled') : thrown);
    const { runId, rowsCommitted } = error.context;
    if (typeof runId === 'string') this.#learnRunId(record, runId);
    this.#finish(record, { status: error.code === 'cancelled' ? 'cancelled' : 'failed', error });
    if (typeof rowsCommitted === 'number') Object.assign(record, { rows: rowsCommitted, rowsCounted: true });
  }

  /** A run of a window that went before it came to its end. */
  #restore({ runId, name, place, plan, startedAt, rows }: UnfinishedRun): void {
    const profile = this.#profileOf(place);
    const record = emptyRecord(`run ${++this.#count}`, this.#around.parseUri(plan), { name, profile, startedAt });
    Object.assign(record, { runId, place, rows, status: 'running' });
    this.#records.set(record.key, record);
  }

  /** For the next window, as long as there is something to resume. */
  #keep({ runId, name, place, planUri, startedAt, rows, status }: RunRecord): void {
    if (runId === null || place === null) return;
    if (isOver(status)) this.#around.unfinished.forget({ runId, place });
    else if (planUri !== null) this.#around.unfinished.remember({ runId, name, place, plan: planUri.toString(), startedAt, rows });
  }

  #finish(record: RunRecord, outcome: Partial<RunRecord> & { readonly error: ErrorShape | null }): void {
    const { runId, ...rest } = outcome;
    if (typeof runId === 'string') this.#learnRunId(record, runId);
    Object.assign(record, { ...rest, activity: null, abort: null, progress: null, finishedAt: this.#around.now() });
    this.#keep(record);
    this.#tell.force(record.key);
    this.#changed.fire(null);
  }

  /** The target shows what is there now, and says how many rows of a stopped run are committed. */
  async #afterwards(record: RunRecord, place: Place): Promise<void> {
    this.#reports.delete(record.key);
    this.#rejects.forget(record.key);
    if (record.runId !== null) this.#history.drop(place, record.runId);
    const profile = this.#profileOf(place);
    this.#around.targets.markConnected(profile);
    const read = this.#readHistory(profile);
    if (record.error === null || record.runId === null || record.rowsCounted) return;
    // Its process was killed with the engine, and takes seconds to open again.
    if (record.status === 'cancelled' && place.kind === 'embedded') return;
    const wait = new AbortController();
    await Promise.race([read, sleep(countWaitMs, undefined, { signal: wait.signal }).catch(() => undefined)]);
    wait.abort();
  }

  async #readHistory(profile: string): Promise<void> {
    try {
      const entry = this.#around.targets.find(profile);
      if (entry === undefined || !entry.connected) return;
      const target = await this.#around.targets.resolve(profile);
      const place = placeOf(target, profile);
      const reading = this.#history.read(place, target);
      this.#changed.fire(null);
      if (await reading) this.#adopt(place);
    } catch {
      // The target's own node tells what is wrong with it.
    }
    this.#changed.fire(null);
  }

  #adopt(place: Place): void {
    for (const record of this.#records.values()) {
      if (record.activity !== null || record.place === null || record.runId === null || placeKey(record.place) !== placeKey(place))
        continue;
      const summary = this.#history.find(place, record.runId);
      if (summary !== undefined) adoptSummary(record, summary);
      // Left by a window before, and gone with its database.
      else if (record.status === 'running') this.#drop(record, record.runId, place);
      if (summary !== undefined) this.#keep(record);
    }
  }

  #drop(record: RunRecord, runId: string, place: Place): void {
    this.#records.delete(record.key);
    this.#around.unfinished.forget({ runId, place });
  }

  #recordOfStart({ plan, profile, overrides, resume }: RunStart): RunRecord {
    const outline = outlinePlan(plan.text, overrides);
    const record = emptyRecord(`run ${++this.#count}`, plan.uri, {
      name: outline.name ?? basename(plan.uri.fsPath).replace(/\.sluice\.json$/, ''),
      profile,
      startedAt: this.#around.now(),
    });
    record.progress = firstProgress(outline.tables);
    record.activity = 'run';
    record.abort = new AbortController();
    this.#records.set(record.key, record);
    if (typeof resume?.runId === 'string') this.#learnRunId(record, resume.runId);
    this.#changed.fire(null);
    return record;
  }

  /** The record of an entry; one of the history gets its own, under the same key. */
  #recordOf(entry: RunEntry): RunRecord {
    const known = this.#records.get(entry.key);
    if (known !== undefined) return known;
    const record = emptyRecord(entry.key, entry.planUri, entry);
    const { runId, status, finishedAt, rows, rowsCounted, rejects, verification } = entry;
    const place = this.#history.places.find(({ place, runs }) =>
      runs.some((run) => `${placeKey(place)} ${run.runId}` === entry.key),
    )?.place;
    Object.assign(record, { runId, status, finishedAt, rows, rowsCounted, rejects, verification, place: place ?? null });
    this.#records.set(record.key, record);
    return record;
  }

  /** A run that was cancelled before it had a target was never there; any other failure stays to be read. */
  #dropUnstarted(record: RunRecord): void {
    if (record.status === 'cancelled') this.#records.delete(record.key);
    this.#changed.fire(null);
  }

  #entry(record: RunRecord): RunEntry {
    return entryOf(record, record.place === null ? record.profile : this.#profileOf(record.place));
  }

  #profileOf(place: Place): string {
    return place.kind === 'embedded' ? this.#around.targets.embeddedId(place.directory) : place.profile;
  }
}

function placeOf(target: TargetChoice, profile: string): Place {
  return target.kind === 'embedded' ? { kind: 'embedded', directory: target.directory } : { kind: 'server', profile };
}
