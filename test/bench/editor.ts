/**
 * The response budgets of the extension, measured in a real editor as its user sees them; prints a Markdown table.
 * `node test/bench/editor.ts [--rounds 3] [--rows 1000000] [--only pages,diff,scroll,map,window,cancel]`
 * Figures only: nothing fails because something was slow.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { missingEditor, startEditor, type Editor } from '../helpers/editor.ts';
import { startCluster } from '../helpers/postgres.ts';
import { benchWorkspace, type BenchWorkspace } from './editor/bench-workspace.ts';
import { budgetTable, type Budget } from './editor/budget.ts';
import { measureCancel } from './editor/measure-cancel.ts';
import { measureMapEngine, measureMapPage } from './editor/measure-map.ts';
import { measureSchemaDiff } from './editor/measure-schema-diff.ts';
import { measureScrolling } from './editor/measure-scrolling.ts';
import { measureWindow } from './editor/measure-window.ts';
import { pageSizes } from './editor/page-sizes.ts';

const parts = ['pages', 'diff', 'scroll', 'map', 'window', 'cancel'] as const;
type Part = (typeof parts)[number];

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, rows: { type: 'string', default: '1000000' }, only: { type: 'string' } },
});
const rounds = Number(flags.rounds);
const rows = Number(flags.rows);
const wanted: ReadonlySet<string> = new Set(flags.only?.split(',') ?? parts);
const wants = (part: Part): boolean => wanted.has(part);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const missing = missingEditor();
if (missing !== null) throw new Error(missing);
// Without this nothing might keep the process while only the server of the database is waited for.
const alive = setInterval(() => undefined, 1 << 30);
const budgets: Budget[] = [];
const before = load();
try {
  if (wants('pages')) budgets.push(...pages());
  if (wants('diff')) budgets.push(...(await diff()));
  if (wants('scroll')) budgets.push(...(await scroll()));
  if (wants('map')) budgets.push(...(await map()));
  if (wants('window') || wants('cancel')) await inEditor();
} finally {
  // What was measured before something failed is worth reading too.
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
  const heading = `Rounds: ${rounds}. ${rows.toLocaleString('en')} rows. ${machine}. Load average: ${before} before, ${load()} after.`;
  process.stdout.write(`${heading}\n\n${budgetTable(budgets)}`);
  clearInterval(alive);
}

function load(): string {
  return loadavg()[0]!.toFixed(1);
}

function pages(): readonly Budget[] {
  return pageSizes().map(({ page, kilobytes }) => ({
    name: `page "${page}", minified`,
    aim: '< 350 KB',
    unit: 'KB' as const,
    rounds: [kilobytes],
  }));
}

async function diff(): Promise<readonly Budget[]> {
  const seconds = await repeat('diff of 200 tables', measureSchemaDiff);
  const aim = { aim: '< 2 s', unit: 's' } as const;
  return [
    { name: 'diff of 200 tables, PostgreSQL', ...aim, rounds: seconds.map(({ postgres }) => postgres) },
    { name: 'diff of 200 tables, embedded', ...aim, rounds: seconds.map(({ embedded }) => embedded) },
  ];
}

async function scroll(): Promise<readonly Budget[]> {
  const times = await repeat('scrolling', () => measureScrolling(rows));
  const aim = { aim: '< 16 ms', unit: 'ms' } as const;
  return [
    { name: 'frame, wheel (10 rows a frame), median', ...aim, rounds: times.map(({ wheel }) => wheel.median) },
    { name: 'frame, wheel, 95th percentile', ...aim, rounds: times.map(({ wheel }) => wheel.p95) },
    { name: 'frame, bar dragged (all rows new), median', ...aim, rounds: times.map(({ bar }) => bar.median) },
    { name: 'frame, bar dragged, 95th percentile', ...aim, rounds: times.map(({ bar }) => bar.p95) },
  ];
}

async function map(): Promise<readonly Budget[]> {
  const cards = await repeat('map drawn by WebGL2', () => measureMapPage(false));
  const images = await repeat('map drawn by the page', () => measureMapPage(true));
  const engine = await repeat('map in the engine', measureMapEngine);
  const aim = { aim: '< 500 ms', unit: 'ms' } as const;
  return [
    { name: 'vector map, 100,000 points: answer to drawn frame, WebGL2', ...aim, rounds: cards.map(({ paint }) => paint) },
    { name: 'vector map, 100,000 points: answer to drawn frame, ImageData', ...aim, rounds: images.map(({ paint }) => paint) },
    { name: 'vector map, frame while it is moved, WebGL2, median', aim: '< 16 ms', unit: 'ms', rounds: cards.map(({ pan }) => pan) },
    { name: 'vector map, frame while it is moved, ImageData, median', aim: '< 16 ms', unit: 'ms', rounds: images.map(({ pan }) => pan) },
    { name: 'vector map, 10,000 × 384: read from PostgreSQL and PCA', aim: '—', unit: 's', rounds: engine.map(({ sample }) => sample) },
    { name: 'vector map, 100,000 × 384: read from PostgreSQL and PCA', aim: '—', unit: 's', rounds: engine.map(({ all }) => all) },
    {
      name: "vector map, 100,000 × 384: peak memory of the engine's process",
      aim: '—',
      unit: 'MB',
      rounds: engine.map(({ peakMb }) => peakMb),
    },
    { name: 'vector map, 20,000 × 384: UMAP', aim: '—', unit: 's', rounds: engine.map(({ umap }) => umap) },
    {
      name: "vector map, 20,000 × 384: peak memory of the engine's process",
      aim: '—',
      unit: 'MB',
      rounds: engine.map(({ umapPeakMb }) => umapPeakMb),
    },
  ];
}

async function inEditor(): Promise<void> {
  const cluster = await startCluster();
  const workspace = benchWorkspace(rows, rounds);
  const env: Record<string, string> = {};
  for (let round = 1; round <= rounds; round++) env[`BENCH_${round}`] = await cluster.createDatabase(`bench_${round}`);
  const editor = await startEditor({ folder: workspace.folder, extension: 'linked', env });
  try {
    if (wants('window')) budgets.push(...(await windows(editor)));
    if (wants('cancel')) budgets.push(...(await cancels(editor, workspace)));
  } finally {
    await editor.stop();
    await cluster.remove();
    workspace.remove();
  }
}

async function windows(editor: Editor): Promise<readonly Budget[]> {
  const times = await repeat('window', () => measureWindow(editor));
  const ms = (name: string, aim: string, of: (time: (typeof times)[number]) => number): Budget => ({
    name,
    aim,
    unit: 'ms',
    rounds: times.map(of),
  });
  return [
    ms('activation: bundle loaded and activate called', '< 50 ms', ({ activation }) => activation),
    ms('tree root, Sources, first look (activation, engine start, search)', '< 200 ms', ({ firstRoot }) => firstRoot),
    ms('tree root, Target, first look (activation)', '< 200 ms', ({ targetRoot }) => targetRoot),
    ms('tree root, Sources, known', '< 200 ms', ({ knownRoot }) => knownRoot),
    ms('first rows, SQLite, as the panel says', '< 300 ms', ({ firstPanel }) => firstPanel.panelSaysMs),
    ms('first rows, SQLite, click to row, first panel of a window', '< 300 ms', ({ firstPanel }) => firstPanel.clickToRowMs),
    ms('first rows, SQLite, click to row, next panel', '< 300 ms', ({ nextPanel }) => nextPanel.clickToRowMs),
  ];
}

async function cancels(editor: Editor, { plans }: BenchWorkspace): Promise<readonly Budget[]> {
  const { rounds: times, targetRows } = await measureCancel(editor, plans, say);
  const aim = { aim: '< 300 ms', unit: 'ms' } as const;
  return [
    { name: 'first rows, PostgreSQL, as the panel says', ...aim, rounds: targetRows.map(({ panelSaysMs }) => panelSaysMs) },
    { name: 'first rows, PostgreSQL, click to row', ...aim, rounds: targetRows.map(({ clickToRowMs }) => clickToRowMs) },
    { name: 'cancel in the middle of a run: visible', aim: '< 200 ms', unit: 'ms', rounds: times.map(({ visible }) => visible) },
    { name: 'cancel in the middle of a run: complete', aim: '< 1,000 ms', unit: 'ms', rounds: times.map(({ complete }) => complete) },
  ];
}

async function repeat<T>(name: string, measureOnce: () => Promise<T>): Promise<readonly T[]> {
  const outcomes: T[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`${name}, round ${round} of ${rounds}`);
    outcomes.push(await measureOnce());
  }
  return outcomes;
}
