/**
 * `npm run editor [-- FOLDER] [-- --host]`: builds the extension and opens a copy of the WidgetTDC sample with it, in the VS Code of this
 * machine (`code` on PATH), else (or with --host) in the editor host, on a free port of 127.0.0.1 for any browser. Ctrl+C ends that one.
 * The folder is .sluice/editor unless told; its files are kept from one time to the next.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEditor } from '../test/helpers/editor.ts';
import { copySample } from '../test/helpers/sample-workspace.ts';
import { ensureEditor } from './ensure-editor.ts';
import { findProgram } from './ensure-programs.ts';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { host: { type: 'boolean', default: false } } });
const folder = resolve(positionals[0] ?? join(root, '.sluice/editor'));

copySample(folder);
const code = values.host ? null : findProgram(process.platform === 'win32' ? 'code.cmd' : 'code');
if (code !== null) openDesktop(code);
else await serve();

function openDesktop(program: string): void {
  const { status } = spawnSync(program, ['--new-window', `--extensionDevelopmentPath=${root}`, folder], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

async function serve(): Promise<void> {
  const host = ensureEditor(say);
  if (typeof host === 'string') {
    say(host);
    process.exitCode = 1;
    return;
  }
  const url = process.env['DATABASE_URL'];
  const editor = await startEditor({ folder, extension: 'linked', env: url === undefined ? {} : { DATABASE_URL: url } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      void editor.stop().finally(() => process.exit(0));
    });
  }
  say(`\nOpen this in a browser on this machine:\n  ${editor.url}\n\nThe folder is ${folder}. Ctrl+C ends the editor.`);
  await editor.ended;
  say(`the editor ended:\n${editor.log().slice(-2000)}`);
  process.exitCode = 1;
}

function say(line: string): void {
  console.log(line);
}
