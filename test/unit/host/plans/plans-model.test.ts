import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyEdits } from 'jsonc-parser';
import type { Uri } from 'vscode';
import type { Engines } from '../../../../src/host/engines.ts';
import { Emitter } from '../../../../src/host/emitter.ts';
import type { PlanState, Targets } from '../../../../src/host/host.ts';
import { describeStale } from '../../../../src/host/plans/describe-stale.ts';
import { PlansModel } from '../../../../src/host/plans/plans-model.ts';

const uri = (path: string): Uri => ({ fsPath: path, path, toString: () => `file://${path}` }) as unknown as Uri;
const shop = uri('/work/shop.sluice.json');
const plan = (rest = ''): string => `{ "version": 1, "name": "shop", "sources": { "main": { "kind": "sqlite", "path": "data/shop.db" } },
  "madeFrom": { "sources": { "main": { "fingerprint": "f1", "profiled": "full" } } },
  "target": { "profile": "env:URL" }, "tables": [{ "source": "main", "from": "a", "to": "a" }]${rest} }`;
const diffResult = { adds: [], deletes: [], alters: [], statements: [], targetHash: 'h', tables: [] };

/** Files, an engine and targets in memory; what is asked of the engine is kept. */
class Surroundings {
  readonly files = new Map([[shop.toString(), plan()]]);
  readonly asked: [string, unknown][] = [];
  readonly active: (string | null)[] = [];
  readonly changed: (PlanState | null)[] = [];
  readonly targetChanged = new Emitter<string | null>();
  answer: (method: string) => unknown = (method) => (method === 'diff' ? diffResult : { fingerprint: 'f1' });
  tree: unknown = null;
  isTrusted = true;
  readonly plans: PlansModel;

  constructor() {
    const browse = async (method: string, params: unknown): Promise<unknown> => {
      this.asked.push([method, params]);
      return this.answer(method);
    };
    this.plans = new PlansModel({
      engines: { browse: browse as Engines['browse'] },
      targets: {
        resolve: async (id: string) => ({ kind: 'embedded', directory: '/d', name: id }),
        find: () => ({ tree: { value: this.tree } }),
        onDidChange: this.targetChanged.event,
      } as unknown as Targets,
      isTrusted: () => this.isTrusted,
      readText: async (file) => {
        const text = this.files.get(file.toString());
        if (text === undefined) throw new Error('gone');
        return text;
      },
      show: async () => undefined,
      apply: async (file, edits) => void this.files.set(file.toString(), applyEdits(this.files.get(file.toString()) ?? '', [...edits])),
      onActive: (file) => this.active.push(file?.toString() ?? null),
    });
    this.plans.onDidChange((state) => this.changed.push(state));
  }
}

describe('PlansModel', () => {
  let around: Surroundings;
  let plans: PlansModel;
  beforeEach(() => {
    around = new Surroundings();
    ({ plans } = around);
  });
  afterEach(() => plans.dispose());

  it('makes a plan active once, and tells', async () => {
    await plans.activate(shop);
    await plans.activate(shop);
    assert.deepEqual([plans.active?.plan?.name, around.active, around.changed.length], ['shop', [shop.toString()], 1]);
    assert.equal(plans.targetOf(plans.active!), 'env:URL');
  });

  it('leaves the active plan when another cannot be read', async () => {
    await plans.activate(shop);
    await assert.rejects(plans.activate(uri('/work/gone.sluice.json')));
    assert.equal(plans.active?.uri, shop);
  });

  it('reads the text again when the typing pauses', async () => {
    await plans.activate(shop);
    for (const text of ['{', '{ "version"', plan(', "notes": ["x"]')]) {
      around.files.set(shop.toString(), text);
      plans.textChanged(shop);
      await sleep(20);
    }
    assert.deepEqual(plans.active?.plan?.notes, []);
    await sleep(250);
    assert.deepEqual([plans.active?.plan?.notes, around.changed.length], [['x'], 2]);
  });

  it('tells problems, and that there is no plan in a text that is none', async () => {
    around.files.set(shop.toString(), '{ "version": 2 }');
    const state = await plans.open(shop);
    assert.equal(state.plan, null);
    assert.ok(state.problems.length > 0);
    assert.equal(plans.targetOf(state), 'embedded');
  });

  it('edits the text and reads it at once', async () => {
    await plans.activate(shop);
    await plans.edit(shop, { kind: 'include', table: 0, include: false });
    assert.equal(plans.active?.plan?.tables[0]?.include, false);
  });

  it('keeps a comparison until the text or the target changes', async () => {
    await plans.activate(shop);
    assert.equal(await plans.diff(shop), diffResult);
    assert.deepEqual(around.asked, [
      ['diff', { input: { text: plan(), path: shop.fsPath }, target: { kind: 'embedded', directory: '/d', name: 'env:URL' } }],
    ]);
    assert.deepEqual(
      around.changed.map((state) => [state?.diff.loading, state?.diff.value !== null]),
      [
        [false, false],
        [true, false],
        [false, true],
      ],
    );

    around.tree = { first: true };
    around.targetChanged.fire('env:URL');
    assert.equal(plans.active?.diff.value, diffResult, 'the first look at a target changes nothing');
    around.tree = { second: true };
    around.targetChanged.fire('other');
    around.targetChanged.fire('env:URL');
    assert.equal(plans.active?.diff.value, null);

    await plans.diff(shop);
    await plans.edit(shop, { kind: 'include', table: 0, include: false });
    assert.equal(plans.active?.diff.value, null);
  });

  it('keeps the error of a comparison, and nothing of one that was cancelled or came too late', async () => {
    await plans.activate(shop);
    around.answer = () => Promise.reject(new Error('no server'));
    await assert.rejects(plans.diff(shop));
    assert.match(plans.active?.diff.error?.message ?? '', /./);
    await plans.edit(shop, { kind: 'include', table: 0, include: false });

    const cancel = new AbortController();
    cancel.abort();
    await assert.rejects(plans.diff(shop, cancel.signal));
    assert.deepEqual(plans.active?.diff, { value: null, loading: false, error: null });

    const slow = Promise.withResolvers<unknown>();
    around.answer = () => slow.promise;
    const late = plans.diff(shop);
    await sleep(10);
    await plans.edit(shop, { kind: 'include', table: 0, include: true });
    slow.resolve(diffResult);
    assert.equal(await late, diffResult);
    assert.equal(plans.active?.diff.value, null);
  });

  it('asks the sources whether they changed, and remembers it while the plan is edited', async () => {
    await plans.activate(shop);
    plans.checkStale(shop);
    await sleep(10);
    assert.deepEqual([around.asked, plans.active?.stale], [[['openStore', { location: '/work/data/shop.db' }]], null]);
    around.answer = () => ({ fingerprint: 'f2' });
    plans.checkStale(shop);
    await sleep(10);
    assert.match(plans.active?.stale ?? '', /^data\/shop\.db has changed since/);
    await plans.edit(shop, { kind: 'include', table: 0, include: false });
    assert.match(plans.active?.stale ?? '', /has changed/);
    around.files.set(shop.toString(), plan().replace('f1', 'f2'));
    await plans.refresh(shop);
    assert.equal(plans.active?.stale, null);
  });

  it('asks nobody in a workspace that is not trusted, and keeps quiet when a source cannot be asked', async () => {
    await plans.activate(shop);
    around.isTrusted = false;
    plans.checkStale(shop);
    assert.deepEqual(around.asked, []);
    around.isTrusted = true;
    around.answer = () => Promise.reject(new Error('no such file'));
    plans.checkStale(shop);
    await sleep(10);
    assert.equal(plans.active?.stale, null);
  });

  it('forgets a file that is gone', async () => {
    await plans.activate(shop);
    plans.forget(uri('/work/other.sluice.json'));
    assert.equal(plans.active?.uri, shop);
    plans.forget(shop);
    assert.deepEqual([plans.active, around.active.at(-1), around.changed.at(-1)], [null, null, null]);
  });
});

describe('describeStale', () => {
  it('names what changed', () => {
    assert.equal(describeStale([]), null);
    assert.match(describeStale(['a.db', 'b.db', 'c.db']) ?? '', /^a\.db, b\.db and c\.db have changed/);
  });
});
