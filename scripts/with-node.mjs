/**
 * Runs a script or a tool of node_modules/.bin on a Node that is new enough: `node scripts/with-node.mjs mocha test/unit`.
 * The machine's own Node may be 20, which cannot run TypeScript, so the one that `npm ci` installed (node-<platform>-<arch>) goes first.
 * npm would find it by itself on PATH, but npm 10 deletes its link as soon as a package for another platform names the same program;
 * the link is mended here, so that `npx sluice` works as well.
 */
import { spawn } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const windows = process.platform === 'win32';
const node = installedNode() ?? ownNode();
mendLink();
const [name = '', ...args] = process.argv.slice(2);
const tool = join(modules, '.bin', windows ? `${name}.cmd` : name);
const path = [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter);
const [program, words] = existsSync(tool) ? [tool, args] : [node, [name, ...args]];
const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, PATH: path }, shell: windows && program === tool });
// A terminal sends Ctrl+C to the child as well; whoever signals only this process means the child.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

function installedNode() {
  const file = join(modules, `node-${windows ? 'win' : process.platform}-${process.arch}`, 'bin', windows ? 'node.exe' : 'node');
  return existsSync(file) ? file : null;
}

function mendLink() {
  const link = join(modules, '.bin', 'node');
  if (windows || !node.startsWith(modules) || existsSync(link)) return;
  try {
    symlinkSync(relative(dirname(link), node), link);
  } catch {
    // Somebody else was faster, or the folder is read-only: this program does not need the link.
  }
}

function ownNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  console.error(`Node ${process.versions.node} is too old to run this project from its sources. Install Node 24, then try again.`);
  process.exit(2);
}
