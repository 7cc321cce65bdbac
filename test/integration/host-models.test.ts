import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RunEntry, RunStart } from '../../src/host/host.ts';
import { RunsModel } from '../../src/host/runs/runs-model.ts';
import { UnfinishedRuns } from '../../src/host/runs/unfinished-runs.ts';
import { StoresModel } from '../../src/host/stores/stores-model.ts';
import { TargetProfiles } from '../../src/host/targets/target-profiles.ts';
import { TargetsModel } from '../../src/host/targets/targets-model.ts';
import { RunsTree } from '../../src/views/runs/runs-tree.ts';
import { SourcesTree } from '../../src/views/sources/sources-tree.ts';
import { TargetTree } from '../../src/views/target/target-tree.ts';
import type { SluiceNode } from '../../src/views/nodes.ts';
import type { NodeTree } from '../../src/views/tree-item-spec.ts';
import { enginesSetting, type EnginesSetting } from '../helpers/engines.ts';
import { FakeMemory, FakeSecrets } from '../helpers/fake-engines.ts';
import { plainText } from '../helpers/plain-text.ts';
import { postgresTarget } from '../helpers/cli-target.ts';
import { requirePostgres } from '../helpers/postgres.ts';

const seed = `CREATE TABLE "order" (id INTEGER PRIMARY KEY, placed TEXT NOT NULL, data TEXT);
  INSERT INTO "order" VALUES (1, '2026-01-02 03:04:05', '{"a": 1}'), (2, '2026-01-03 03:04:05', '{"a": 2}');
  CREATE TABLE note (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES "order" (id), text TEXT);
  CREATE INDEX note_order ON note (order_id);
  INSERT INTO note VALUES (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three');`;

describe('models and views of the editor on real engines', function () {
  this.timeout(120_000);
  let setting: EnginesSetting;
  let environment: Record<string, string>;
  let stores: StoresModel;
  let targets: TargetsModel;
  let runs: RunsModel;

  beforeEach(() => {
    setting = enginesSetting();
    environment = {};
    setting.store('shop.bin', seed);
    writeFileSync(join(setting.folder, 'notes'), 'no store at all');
    stores = new StoresModel({
      engines: setting.engines,
      isAllowed: () => true,
      searchesByItself: () => true,
      findFiles: async () => (await readdir(setting.folder)).map((name) => join(setting.folder, name)),
      sampleRows: () => 1000,
      readAdded: () => [],
      keepAdded: () => {},
      onList: () => {},
    });
    const memory = new FakeMemory();
    const profiles = new TargetProfiles({
      base: () => setting.folder,
      embeddedSetting: () => '',
      environment,
      readEnvFiles: async () => [],
      workspaceMemory: memory,
      globalMemory: new FakeMemory(),
      secrets: new FakeSecrets(),
      askPassword: async () => undefined,
    });
    targets = new TargetsModel({ engines: setting.engines, profiles, memory, isAllowed: () => true, onList: () => {} });
    runs = newRuns();
  });
  afterEach(async () => {
    for (const model of [stores, targets, runs]) model.dispose();
    await setting.remove();
  });
  const newRuns = (): RunsModel =>
    new RunsModel({
      engines: setting.engines,
      targets,
      now: () => Date.now(),
      unfinished: new UnfinishedRuns(new FakeMemory()),
      parseUri: () => assert.fail('no run was left behind'),
    });

  async function until(what: string, isSo: () => boolean): Promise<void> {
    const end = performance.now() + 60_000;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`never came: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function plan(profile: string): Promise<RunStart> {
    const path = join(setting.folder, 'shop.sluice.json');
    const { text } = await setting.engines.browse('plan', {
      locations: [join(setting.folder, 'shop.bin')],
      directory: setting.folder,
      targetProfile: profile,
      options: {},
    });
    writeFileSync(path, text);
    const uri = { scheme: 'file', fsPath: path } as RunStart['plan']['uri'];
    return { plan: { uri, text: readFileSync(path, 'utf8') }, profile, resume: null, acceptStale: false, overrides: {} };
  }

  /** The tree as text, two blanks a level; what loads is waited for. */
  async function drawn(tree: NodeTree, from?: SluiceNode): Promise<string> {
    const draw = (node: SluiceNode | undefined, depth: number): string[] =>
      tree.children(node).flatMap((child) => {
        const { label, description, context } = tree.item(child);
        return [`${'  '.repeat(depth)}${label} | ${description ?? ''} | ${context}`, ...draw(child, depth + 1)];
      });
    let text = '';
    await until('a drawn tree', () => {
      text = draw(from, 0).join('\n');
      return !/Loading…|loading…|connecting…/.test(text);
    });
    return text;
  }

  const sourcesTree = (): SourcesTree =>
    new SourcesTree({ engines: setting.engines, stores, shownPath: (path) => relative(setting.folder, path), t: plainText });
  const targetTree = (): TargetTree => new TargetTree({ targets, t: plainText });
  const runsTree = (): RunsTree => new RunsTree({ runs, now: () => Date.now(), t: plainText });

  it('finds a store by its content and shows its tables and types', async () => {
    assert.equal(await stores.discover(), 1);
    const tree = sourcesTree();
    await drawn(tree);
    await until('types', () => stores.list[0]?.inspected.value !== null);
    const text = await drawn(tree);
    assert.match(text, /^shop\.bin \| SQLite · 2 tables · \d+ kB \| store$/m);
    assert.match(text, /^ {2}order \| 2 rows \| store-table$/m);
    assert.match(text, /^ {4}id \| INTEGER → bigint \| store-column$/m);
    assert.match(text, /^ {4}data \| TEXT → jsonb \| store-column$/m);
  });

  it('shows the engine and its restart when it was killed, and goes on afterwards', async () => {
    await stores.discover();
    await drawn(sourcesTree());
    const { state } = setting.engines;
    assert.ok(state.kind === 'running');
    process.kill(state.pid, 'SIGKILL');
    await until('a crash', () => setting.engines.state.kind === 'crashed');
    const [first] = sourcesTree().children(undefined);
    assert.equal(first?.kind, 'engine');
    assert.match(sourcesTree().item(first).label, /^Engine stopped: ./);
    await setting.engines.restart();
    stores.reload(join(setting.folder, 'shop.bin'));
    assert.match(await drawn(sourcesTree()), /^shop\.bin \| SQLite · 2 tables/);
  });

  const onBoth = (name: string, test: (profile: string) => Promise<void>): void => {
    it(`${name} (embedded)`, () => test('embedded'));
    it(`${name} (PostgreSQL)`, async function () {
      const target = await postgresTarget(await requirePostgres(this));
      try {
        Object.assign(environment, target.environment);
        await targets.readVariables();
        await test(target.flag);
      } finally {
        await setting.engines.restart();
        await target.remove();
      }
    });
  };

  onBoth('runs, shows what arrived, and rolls back', async (profile) => {
    const ended = await runs.start(await plan(profile));
    assert.deepEqual([ended.error, ended.status, ended.verification, ended.rows, ended.profile], [null, 'done', 'match', 5, profile]);

    const target = await drawn(targetTree(), undefined);
    assert.match(target, new RegExp(`^${profile} \\| PostgreSQL [\\d.]+ · (pgvector|without pgvector).* \\| target-connected$`, 'm'));
    assert.match(target, /^ {2}public \| 2 tables · \d+ kB \| schema$/m);
    assert.match(target, /^ {4}note \| .*kB \| target-table$/m);
    assert.match(target, /^ {6}text \| text \| target-column$/m);
    assert.match(target, /^ {6}Constraints \| \d \| group-constraints$/m);
    assert.match(target, /^ {6}Indexes \| 2 \| group-indexes$/m);
    assert.match(target, /^ {2}sluice \| /m);

    const live = await drawn(runsTree());
    assert.match(live, /^shop \| 5 rows · [\d.]+ s · \d\d:\d\d \| run-report-undoable$/m);
    assert.match(live, /^ {2}note \| 3 rows · [\d.]+ s \| runtable$/m);

    // Another window: everything comes from the target.
    runs.dispose();
    runs = newRuns();
    runs.refresh(profile);
    await until('the history', () => runs.list.length === 1);
    assert.match(await drawn(runsTree()), /^ {2}order \| 2 rows · [\d.]+ s \| runtable$/m);
    const entry = runs.list[0] as RunEntry;
    assert.equal((await runs.verify(entry, new AbortController().signal)).status, 'match');
    await runs.rollBack(runs.list[0] as RunEntry, new AbortController().signal);
    await until('the end of it', () => runs.list[0]?.status === 'rolled-back' && !runs.loading);
    assert.equal(runs.list.length, 1);
    assert.match(await drawn(runsTree()), /^shop \| rolled back · \d\d:\d\d \| run-report$/m);
    await until(
      'a target without tables',
      () => targets.find(profile)?.tree.value?.schemas.every(({ name, tables }) => name === 'sluice' || tables.length === 0) === true,
    );
  });
});
