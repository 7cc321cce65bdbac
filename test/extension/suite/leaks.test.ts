import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import * as vscode from 'vscode';

/** How often each panel is opened and closed; `SLUICE_TEST_OPENINGS=100` for the long form, which build-suite.ts writes in. */
const times = Number(process.env['SLUICE_TEST_OPENINGS'] ?? 20);
const table = { kind: 'target-table', profile: 'embedded', schema: 'public', table: 'memory_entities' } as const;
const vectors = { ...table, kind: 'target-column', column: 'embedding' } as const;

interface Panel {
  readonly name: string;
  readonly tab: RegExp;
  readonly command: string;
  readonly node?: object;
}

const panels: readonly Panel[] = [
  { name: 'rows', tab: /: Rows$/, command: 'sluice.openRows', node: table },
  { name: 'row diff', tab: /: Row Diff$/, command: 'sluice.compareRows', node: table },
  { name: 'neighbours', tab: /: Neighbours$/, command: 'sluice.exploreNeighbours', node: vectors },
  { name: 'near-duplicates', tab: /: Near-Duplicates$/, command: 'sluice.findDuplicates', node: vectors },
  { name: 'vector health', tab: /: Vector Health$/, command: 'sluice.checkVectorHealth', node: vectors },
  { name: 'vector map', tab: /: Vector Map$/, command: 'sluice.showVectorMap', node: vectors },
  { name: 'report', tab: /: Report$/, command: 'sluice.openReport' },
];

/** A panel that leaves one listener, page or request behind each time is found by what has grown. */
describe('panels that are opened and closed', function () {
  this.timeout(300_000);
  let plan: vscode.Uri | undefined;
  const unheard: string[] = [];
  const onUnheard = (reason: unknown): void => void unheard.push(String(reason));

  before(async () => {
    process.on('unhandledRejection', onUnheard);
    assert.equal(panelTabs().length, 0);
    plan = await migrateSample();
    for (const panel of panels) await warmUp(panel);
  });

  after(async () => {
    process.off('unhandledRejection', onUnheard);
    if (plan === undefined) return;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(plan);
    await vscode.workspace.getConfiguration('sluice').update('embedded.directory', undefined, vscode.ConfigurationTarget.Global);
  });

  for (const panel of panels) {
    it(`leave no tab, listener or process behind: ${panel.name}, ${times} times`, async () => {
      await warmUp(panel);
      const first = await round(panel);
      // A leak grows in every round. What is loaded once, by an answer that came too late to warm anything up, does not; on a busy machine several do.
      let left = first;
      for (let more = 0; more < 3 && Object.keys(left.objects).length > 0; more++)
        left = { ...first, objects: (await round(panel)).objects };
      assert.deepEqual(left, { tabs: [], processes: {}, resources: {}, objects: {} });
      assert.deepEqual([...new Set(unheard)], [], 'errors that nobody caught');
    });
  }
});

/** Milliseconds a panel stays: closed while it is made, while it loads, while it asks the engine, and when it is done. */
const lives = [0, 40, 120, 300] as const;

/** What is left behind when the panel was opened and closed so often. */
async function round(panel: Panel): Promise<Count> {
  const before = await count();
  for (let n = 0; n < times; n++) await openAndClose(panel, lives[n % lives.length]!);
  return leftBehind(before);
}

/** What is made once, by whichever panel, is there before the first count. */
async function warmUp(panel: Panel): Promise<void> {
  for (let n = 0; n < 3; n++) await openAndClose(panel, 1500);
}

async function openAndClose({ command, node, tab }: Panel, lifeMs: number): Promise<void> {
  await vscode.commands.executeCommand(command, node);
  const find = (): vscode.Tab | undefined => panelTabs().find(({ label }) => tab.test(label));
  await until(`a tab of ${command}`, () => find() !== undefined);
  await sleep(lifeMs);
  await vscode.window.tabGroups.close(find()!);
  await until(`the end of the tab of ${command}`, () => find() === undefined);
}

/** Plans and runs the sample on an embedded target of its own, so that other suites find the workspace as it was. Gives the plan's file. */
async function migrateSample(): Promise<vscode.Uri> {
  const settings = vscode.workspace.getConfiguration('sluice');
  await settings.update('embedded.directory', mkdtempSync(join(tmpdir(), 'sluice-leaks-')), vscode.ConfigurationTarget.Global);
  const store = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'widget-tdc.db');
  await vscode.commands.executeCommand('sluice.planMigration', store);
  const plan = vscode.window.activeTextEditor?.document.uri;
  assert.ok(plan !== undefined && plan.path.endsWith('.sluice.json'), 'the plan is not open');
  await vscode.commands.executeCommand('sluice.runMigration', plan);
  return plan;
}

/** Everything that a panel may leave behind, by name. */
interface Count {
  readonly tabs: readonly string[];
  readonly processes: Counts;
  readonly resources: Counts;
  readonly objects: Counts;
}

type Counts = Readonly<Record<string, number>>;

async function count(): Promise<Count> {
  // What was cancelled ends within a second; a killed engine's exit is noticed a little later.
  await sleep(2500);
  return {
    tabs: panelTabs().map(({ label }) => label),
    processes: tally(enginesOfThisHost()),
    resources: tally(process.getActiveResourcesInfo()),
    objects: Object.fromEntries(kinds().map((kind) => [kind.name, queryObjects(kind, { format: 'count' })])),
  };
}

/** What there is more of than `before`. A leak stays; what only ends late on a busy machine is waited for. */
async function leftBehind(before: Count): Promise<Count> {
  for (const deadline = performance.now() + 30_000; ;) {
    const after = await count();
    const left: Count = {
      tabs: after.tabs,
      processes: excess(before.processes, after.processes, 0),
      resources: excess(before.resources, after.resources, 5),
      objects: excess(before.objects, after.objects, times / 2),
    };
    const clean = Object.values(left).every((found) => Object.keys(found).length === 0);
    if (clean || performance.now() > deadline) return left;
  }
}

type Kind = new (...args: never[]) => object;

/** A listener is a function; a request under way is a promise and an abort controller. */
function kinds(): readonly Kind[] {
  const panel = vscode.window.createWebviewPanel('sluice.test', 'count', vscode.ViewColumn.Active);
  const classes = [panel.constructor, panel.webview.constructor] as unknown as Kind[];
  panel.dispose();
  return [...classes, Function, Promise, AbortController, EventEmitter];
}

/** Scripts of the engine and embedded processes that this extension host has started. */
function enginesOfThisHost(): readonly string[] {
  if (process.platform === 'win32') return [];
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => Number(/^\s*(\d+)/.exec(line)?.[1]) === process.pid)
    .flatMap((line) => /\S+-process\.js/.exec(line)?.[0] ?? [])
    .map((script) => basename(script));
}

function tally(names: readonly string[]): Counts {
  return Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]));
}

/** What there is more of than before, beyond what may come and go by itself. */
function excess(before: Counts, after: Counts, tolerance: number): Counts {
  const grown = Object.entries(after).map(([name, number]) => [name, number - (before[name] ?? 0)] as const);
  return Object.fromEntries(grown.filter(([, more]) => more > tolerance));
}

function panelTabs(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('sluice.'));
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 15_000; performance.now() < deadline; await sleep(5)) if (holds()) return;
  throw new Error(`waited 15 s for ${what}`);
}
