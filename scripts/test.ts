/**
 * The one test command: set-up, build, checks, then every layer of tests. Names of steps as arguments run only those (`npm test -- unit`).
 * Its last line is "N passed, N failed"; a build and a check count as one test each. Exit code 1 when anything failed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { shareEmbeddedDatabase } from '../test/helpers/new-embedded-database.ts';
import { notCovered, startCluster, type OwnCluster } from '../test/helpers/postgres.ts';
import { ensureChromium } from './ensure-chromium.ts';
import { ensureEditor } from './ensure-editor.ts';
import { ensurePostgres } from './ensure-postgres.ts';
import { ensurePython } from './ensure-python.ts';
import { dealFiles } from './lanes.ts';
import { failure, suiteOutcome, sumOf, type Outcome } from './suite-outcome.ts';

interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** What tests need; what they start beside themselves is the bundle. */
const always: ReadonlySet<string> = new Set(['set-up', 'build']);
const requireAll = process.env['SLUICE_TEST_REQUIRE'] === 'all';
const minutesPerStep = 60;
const scratch = mkdtempSync(join(tmpdir(), 'sluice-test-'));
const notes = join(scratch, 'notes');
let cluster: OwnCluster | undefined;
const running = new Set<ChildProcess>();
process.env['SLUICE_TEST_NOTES'] = notes;
// The tests themselves run from the sources: each process would translate them anew.
process.env['NODE_COMPILE_CACHE'] = join(scratch, 'compiled');
process.env['SLUICE_TEST_BUNDLE'] = '1';

const steps: readonly Step[] = [
  { name: 'set-up', run: setUp },
  { name: 'build', run: () => check('build', 'esbuild.js') },
  { name: 'types', run: () => check('types', 'tsc', '-p', '.') },
  { name: 'types of the pages', run: () => check('types of the pages', 'tsc', '-p', 'webview') },
  { name: 'lint', run: () => check('lint', 'eslint', '--max-warnings', '0', '.') },
  { name: 'format', run: () => check('format', 'prettier', '--check', '--log-level', 'warn', '.') },
  {
    name: 'boundaries',
    run: () => check('boundaries', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'webview', 'test', 'scripts', 'samples'),
  },
  { name: 'unused', run: () => check('unused', 'knip') },
  ...['unit', 'contract'].map((layer) => ({ name: layer, run: () => mocha(layer) })),
  { name: 'integration', run: () => mochaInLanes('integration') },
  ...['corpus', 'fault', 'webview'].map((layer) => ({ name: layer, run: () => mocha(layer) })),
  { name: 'extension', run: () => suite('extension', ['test/extension/run.ts']) },
  { name: 'ui', run: () => mocha('ui', '--timeout', '120000') },
];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void tidyUp().finally(() => process.exit(130));
  });
}
try {
  await runSteps(process.argv.slice(2));
} finally {
  await tidyUp();
}

async function runSteps(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`unknown step ${unknown.join(', ')}; there are: ${steps.map((step) => step.name).join(', ')}`);
  const started = performance.now();
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    if (always.has(step.name) || wanted.length === 0 || wanted.includes(step.name)) outcomes.push(await runStep(step));
  }
  summarize(outcomes, (performance.now() - started) / 1000);
}

async function runStep(step: Step): Promise<Outcome> {
  console.log(`\n=== ${step.name} ===`);
  const started = performance.now();
  const outcome = await step.run();
  const skipped = outcome.skipped.length === 0 ? '' : `, ${outcome.skipped.length} skipped`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`--- ${step.name}: ${outcome.passed} passed, ${outcome.failed.length} failed${skipped} (${seconds} s)`);
  return outcome;
}

/** What the tests need beyond npm is installed where that is possible; one throw-away server and one new embedded database serve all of them. */
async function setUp(): Promise<Outcome> {
  const say = (line: string): void => console.log(line);
  const noPostgres = ensurePostgres(say);
  const missing = [noPostgres, ensurePython(say), ensureChromium(say), ensureEditor(say)].filter((found) => typeof found === 'string');
  if (noPostgres === null) {
    cluster = await startCluster();
    process.env['SLUICE_TEST_POSTGRES_URL'] = cluster.url('postgres');
  }
  await shareEmbeddedDatabase(scratch);
  for (const problem of missing) notCovered(problem);
  return { passed: 0, skipped: [], failed: requireAll ? missing.map((error) => ({ title: 'set-up', error })) : [] };
}

/** A tool of node_modules/.bin or a script; it counts as one test. */
async function check(title: string, ...command: readonly string[]): Promise<Outcome> {
  const code = await execute(command);
  if (code === 0) return { passed: 1, skipped: [], failed: [] };
  return failure(title, `\`${command.join(' ')}\` ended with code ${code}`);
}

async function mocha(layer: string, ...options: readonly string[]): Promise<Outcome> {
  return mochaOf(layer, testFiles(layer), { options });
}

/** Half of the files beside the other half where there is a core for each, and then those that must be alone. */
async function mochaInLanes(layer: string): Promise<Outcome> {
  const { beside, alone } = dealFiles(testFiles(layer), Math.min(2, availableParallelism()));
  const lanes = beside.map((files, at) => mochaOf(`${layer} ${at + 1}`, files, { aside: at > 0 }));
  const outcomes = await Promise.all(lanes);
  if (alone.length > 0) outcomes.push(await mochaOf(`${layer} alone`, alone));
  return sumOf(outcomes);
}

function testFiles(layer: string): readonly string[] {
  return globSync(`test/${layer}/**/*.test.ts`).sort();
}

interface MochaSettings {
  readonly options?: readonly string[];
  /** Its output comes when it has ended, since another one is running. */
  readonly aside?: boolean;
}

async function mochaOf(title: string, files: readonly string[], { options = [], aside = false }: MochaSettings = {}): Promise<Outcome> {
  if (files.length === 0) return failure(title, `there is no test for ${title}`);
  return suite(title, ['mocha', '--reporter', './scripts/test-reporter.cjs', ...options, ...files], aside);
}

/** A command that leaves its outcome in the file SLUICE_TEST_RESULT. */
async function suite(title: string, command: readonly string[], aside = false): Promise<Outcome> {
  const file = join(scratch, title);
  const code = await execute(command, { SLUICE_TEST_RESULT: `${file}.json` }, aside ? `${file}.log` : null);
  return suiteOutcome(title, `${file}.json`, code);
}

/** Exit code; a command that takes too long is ended with everything it started. With `log` its output goes there, and is shown when it has ended. */
async function execute(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  log: string | null = null,
): Promise<number | string> {
  const [name = '', ...args] = command;
  const output = log === null ? ('inherit' as const) : openSync(log, 'w');
  const child = spawn(process.execPath, ['scripts/with-node.mjs', name, ...args], {
    stdio: ['inherit', output, output],
    env: { ...process.env, ...environment },
    detached: true,
  });
  running.add(child);
  const tooLong = setTimeout(() => {
    console.log(`no end after ${minutesPerStep} minutes`);
    endGroup(child);
  }, minutesPerStep * 60_000);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  running.delete(child);
  clearTimeout(tooLong);
  if (log !== null) process.stdout.write(readFileSync(log));
  return code ?? signal ?? 'unknown';
}

function summarize(outcomes: readonly Outcome[], seconds: number): void {
  const { passed, skipped, failed } = sumOf(outcomes);
  console.log(`\n=== all in ${seconds.toFixed(0)} s ===`);
  for (const { title, error } of failed) console.log(`\nFAILED ${title}\n${error.replace(/^/gm, '    ')}`);
  const gaps = existsSync(notes) ? [...new Set(readFileSync(notes, 'utf8').trim().split('\n'))] : [];
  for (const gap of [...gaps, ...skipped.map((title) => `skipped: ${title}`)]) console.log(`not covered here: ${gap}`);
  console.log(`${passed} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

function endGroup(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
}

async function tidyUp(): Promise<void> {
  for (const child of running) endGroup(child);
  await cluster?.remove();
  rmSync(scratch, { recursive: true, force: true });
}
