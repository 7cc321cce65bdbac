/**
 * `npm run demo`: migrates the WidgetTDC sample into the embedded PostgreSQL with the real command line, verifies it and shows the report.
 * Everything it makes is in one folder (.sluice/demo, or the folder given), which a second demo replaces.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, '.sluice/demo'));
const plan = 'samples/widgettdc/widgettdc.sluice.json';
const shown = (path: string): string => relative(root, path) || '.';
const target = `embedded:${shown(join(folder, 'postgres'))}`;

demo();

function demo(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  say(`Migrating ${plan} into PostgreSQL + pgvector (embedded, in ${shown(folder)}), then comparing every cell.\n`);
  const result = JSON.parse(sluice(['run', plan, '--target', target, '--json'])) as { runId: string };
  for (const format of ['md', 'html']) sluice(['report', result.runId, '--target', target, '-o', shown(reportFile(format))]);
  say(`\n${proof(readFileSync(reportFile('md'), 'utf8'))}`);
  say(whereToGo(result.runId));
}

function reportFile(format: string): string {
  return join(folder, `report.${format}`);
}

/** Runs dist/sluice.js; its progress and errors go to the screen. A failure ends the demo with the same exit code. */
function sluice(words: readonly string[]): string {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/sluice.js'), ...words], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) {
    say(stdout);
    process.exit(status ?? 1);
  }
  return stdout;
}

/** The report down to the end of the cell by cell comparison. */
function proof(markdown: string): string {
  return markdown.slice(0, markdown.indexOf('\n## Independent aggregates'));
}

function whereToGo(runId: string): string {
  const words = `--target ${target}`;
  return [
    `The whole report (aggregates, keys, type mapping, SQL, cut-over checklist): ${shown(reportFile('md'))} and ${shown(reportFile('html'))}`,
    '',
    'In VS Code:',
    `  npm run package && code --install-extension ${packageJson.name}-${packageJson.version}.vsix`,
    `  code . ${plan}          completion, descriptions and checks of the plan file`,
    `  open ${shown(reportFile('md'))} and press Ctrl+Shift+V          the report as a page`,
    '',
    'In the terminal:',
    `  npx sluice inspect samples/widgettdc/widget-tdc.db`,
    `  npx sluice runs ${words}`,
    `  npx sluice verify ${runId} ${words}`,
    `  npx sluice rollback ${runId} ${words}`,
    '',
  ].join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
