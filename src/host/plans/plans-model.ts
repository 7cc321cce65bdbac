import { dirname, resolve } from 'node:path';
import type * as vscode from 'vscode';
import { MigrationError } from '../../core/errors.ts';
import type { SchemaDiffResult } from '../../core/model/schema-diff.ts';
import type { TextEdit } from '../../core/plan/edit/set-values.ts';
import type { Plan } from '../../core/plan/plan-schema.ts';
import { Emitter } from '../emitter.ts';
import type { Engines } from '../engines.ts';
import type { PlanEdit, Plans, PlanState, Targets } from '../host.ts';
import { loadFailed, notLoaded, nowLoaded, nowLoading } from '../loaded.ts';
import { describeStale } from './describe-stale.ts';

export interface PlansSurroundings {
  readonly engines: Pick<Engines, 'browse'>;
  readonly targets: Pick<Targets, 'resolve' | 'find' | 'onDidChange'>;
  /** Nothing is started in a workspace that is not trusted. */
  readonly isTrusted: () => boolean;
  /** As in the editor, saved or not. */
  readonly readText: (uri: vscode.Uri) => Promise<string>;
  readonly show: (uri: vscode.Uri) => Promise<void>;
  /** One undo step. */
  readonly apply: (uri: vscode.Uri, edits: readonly TextEdit[]) => Promise<void>;
  /** Told when another plan becomes the active one. */
  readonly onActive: (uri: vscode.Uri | null) => void;
}

/** Milliseconds without an edit before the text is read again. */
const quiet = 150;

/** The plan files of this window, read again while they are edited. */
export class PlansModel implements Plans {
  readonly #around: PlansSurroundings;
  readonly #changed = new Emitter<PlanState | null>();
  readonly #states = new Map<string, PlanState>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #checking = new Set<string>();
  readonly #targetChanges: { dispose(): void };
  #active: string | null = null;

  readonly onDidChange: Plans['onDidChange'] = this.#changed.event;

  constructor(around: PlansSurroundings) {
    this.#around = around;
    this.#targetChanges = this.#forgetDiffsOfChangedTargets();
  }

  get active(): PlanState | null {
    return this.#active === null ? null : (this.#states.get(this.#active) ?? null);
  }

  /** Makes a plan the active one without showing it. A file that cannot be read leaves everything as it was. */
  async activate(uri: vscode.Uri): Promise<PlanState> {
    const state = this.#states.get(uri.toString()) ?? (await this.refresh(uri));
    if (this.#active !== uri.toString()) {
      this.#active = uri.toString();
      this.#around.onActive(uri);
      this.#changed.fire(state);
    }
    return state;
  }

  async open(uri: vscode.Uri): Promise<PlanState> {
    await this.#around.show(uri);
    await this.refresh(uri);
    return this.activate(uri);
  }

  async edit(uri: vscode.Uri, edit: PlanEdit): Promise<void> {
    const { editPlan } = await import('../../core/plan/edit/edit-plan.ts');
    const edits = editPlan(await this.#around.readText(uri), edit);
    if (edits.length > 0) await this.#around.apply(uri, edits);
    await this.refresh(uri);
  }

  targetOf(state: PlanState): string {
    return state.plan?.target.profile ?? 'embedded';
  }

  async diff(uri: vscode.Uri, signal?: AbortSignal): Promise<SchemaDiffResult> {
    const state = await this.refresh(uri);
    const planPath = uri.fsPath;
    this.#put({ ...state, diff: nowLoading(state.diff) });
    try {
      const target = await this.#around.targets.resolve(this.targetOf(state), { planPath });
      const result = await this.#around.engines.browse('diff', { input: { text: state.text, path: planPath }, target }, signal);
      this.#putDiff(state, () => nowLoaded(result));
      return result;
    } catch (error) {
      const cancelled = signal?.aborted === true || (error instanceof MigrationError && error.code === 'cancelled');
      this.#putDiff(state, () => (cancelled ? state.diff : loadFailed(state.diff, error)));
      throw error;
    }
  }

  checkStale(uri: vscode.Uri): void {
    const key = uri.toString();
    const plan = this.#states.get(key)?.plan ?? null;
    if (plan === null || this.#checking.has(key) || !this.#around.isTrusted()) return;
    this.#checking.add(key);
    void this.#changedSources(uri, plan)
      .then((changed) => {
        const now = this.#states.get(key);
        if (now !== undefined && madeFrom(now.plan) === madeFrom(plan)) this.#put({ ...now, stale: describeStale(changed) });
      })
      .finally(() => this.#checking.delete(key));
  }

  /** The text was changed in an editor: read it when the typing pauses. Plans that nobody asked about are left alone. */
  textChanged(uri: vscode.Uri): void {
    const key = uri.toString();
    if (!this.#states.has(key)) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.refresh(uri).catch(() => this.forget(uri)), quiet),
    );
  }

  /** The file is gone. */
  forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#states.delete(key);
    if (this.#active !== key) return;
    this.#active = null;
    this.#around.onActive(null);
    this.#changed.fire(null);
  }

  /** Reads the text now. What was found about the same text stays. Rejects when the file cannot be read. */
  async refresh(uri: vscode.Uri): Promise<PlanState> {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const [{ validatePlan }, text] = await Promise.all([import('../../core/plan/validate-plan.ts'), this.#around.readText(uri)]);
    const before = this.#states.get(key);
    if (before !== undefined && before.text === text) return before;
    const { plan, problems } = validatePlan(text);
    const stale = before !== undefined && madeFrom(before.plan) === madeFrom(plan) ? before.stale : null;
    const state: PlanState = { uri, text, plan, problems, stale, diff: notLoaded() };
    this.#put(state);
    return state;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#targetChanges.dispose();
    this.#changed.dispose();
  }

  #put(state: PlanState): void {
    const key = state.uri.toString();
    this.#states.set(key, state);
    if (key === this.#active) this.#changed.fire(state);
  }

  /** Only while the plan still says what was compared. */
  #putDiff(compared: PlanState, diff: () => PlanState['diff']): void {
    const now = this.#states.get(compared.uri.toString());
    if (now?.text === compared.text) this.#put({ ...now, diff: diff() });
  }

  /** Names of the files that are no longer what the plan was made from; a source that cannot be asked counts as unchanged. */
  async #changedSources(uri: vscode.Uri, plan: Plan): Promise<readonly string[]> {
    const asked = Object.entries(plan.sources).map(async ([name, { path }]) => {
      const expected = plan.madeFrom.sources[name]?.fingerprint;
      if (expected === undefined || typeof path !== 'string') return [];
      const location = resolve(dirname(uri.fsPath), path);
      const store = await this.#around.engines.browse('openStore', { location });
      return store.fingerprint === expected ? [] : [path];
    });
    const answers = await Promise.allSettled(asked);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  /** A run, a roll back or a look by the user loads the tree of a target anew: what was compared with the old one is no longer true. */
  #forgetDiffsOfChangedTargets(): { dispose(): void } {
    const trees = new Map<string, unknown>();
    const { targets } = this.#around;
    return targets.onDidChange((id) => {
      const tree = id === null ? null : (targets.find(id)?.tree.value ?? null);
      if (id === null || tree === null || trees.get(id) === tree) return;
      const isFirst = !trees.has(id);
      trees.set(id, tree);
      if (isFirst) return;
      for (const state of this.#states.values()) {
        if (this.targetOf(state) === id && state.diff.value !== null) this.#put({ ...state, diff: notLoaded() });
      }
    });
  }
}

function madeFrom(plan: Plan | null): string {
  return JSON.stringify(plan === null ? null : [plan.sources, plan.madeFrom.sources]);
}
