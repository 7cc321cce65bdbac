/**
 * Runs the suite inside the extension host of the editor host: `node test/extension/run.ts`. Ends with code 1 when a test failed.
 * The outcome goes to the file SLUICE_TEST_RESULT as well, in the form of scripts/test-reporter.cjs.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingEditor, startEditor, type Editor } from '../helpers/editor.ts';
import { notCovered } from '../helpers/postgres.ts';
import { launchBrowser } from '../helpers/workbench.ts';
import { buildSuite } from './build-suite.ts';

const repository = resolve(import.meta.dirname, '../..');
/** As in run-mocha.ts. */
const mark = '[mocha]';
const patience = 10 * 60_000;

const result = process.env['SLUICE_TEST_RESULT'];
const missing = missingEditor();
if (missing === null) process.exitCode = await runOnCopy(await buildSuite());
else if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(missing);
else leaveOut(missing);

/** The suite may write into its workspace. */
async function runOnCopy(suite: string): Promise<number> {
  const workspace = mkdtempSync(join(tmpdir(), 'sluice-workspace-'));
  cpSync(join(repository, 'samples/widgettdc'), workspace, { recursive: true });
  try {
    return await runInEditor(suite, workspace);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function runInEditor(suite: string, workspace: string): Promise<number> {
  const wanted = ['SLUICE_TEST_RESULT', 'SLUICE_TEST_POSTGRES_URL'].map((name) => [name, process.env[name]] as const);
  const env = Object.fromEntries(wanted.filter((entry): entry is [string, string] => entry[1] !== undefined));
  const editor = await startEditor({ folder: workspace, extension: 'none', smokeDriver: true, env });
  const browser = await launchBrowser();
  const chatter: string[] = [];
  try {
    const page = await browser.newPage();
    const { promise: ended, resolve: end } = Promise.withResolvers<number>();
    // The workbench looks for both functions as soon as it loads.
    await page.exposeFunction('codeAutomationLog', (_severity: string, words: readonly unknown[]) => show(words.join(' '), chatter));
    await page.exposeFunction('codeAutomationExit', end);
    await page.goto(testAddress(editor, suite));
    const code = await Promise.race([ended, sleep(patience, null, { ref: false })]);
    if (code !== 0) console.log(`${[...chatter, editor.log()].join('\n')}\n`);
    if (code === null) throw new Error(`no end after ${patience / 60_000} minutes`);
    return code;
  } finally {
    await browser.close();
    await editor.stop();
  }
}

/** Lines of the reporter are shown at once; what else the editor prints only matters when something failed. */
function show(text: string, chatter: string[]): void {
  if (text.startsWith(mark)) console.log(text.slice(mark.length));
  else chatter.push(text);
}

function leaveOut(why: string): void {
  notCovered(`tests in the extension host: ${why}`);
  if (result !== undefined) writeFileSync(result, JSON.stringify({ passed: 0, skipped: [], failed: [] }));
}

/** The workbench with the repository as the extension under development and the suite as its tests. */
function testAddress(editor: Editor, suite: string): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${editor.port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(repository)],
    ['extensionTestsPath', remote(suite)],
    ['skipWelcome', 'true'],
  ];
  return `${editor.url}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}
