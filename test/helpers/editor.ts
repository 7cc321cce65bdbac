import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium } from '../../scripts/ensure-chromium.ts';
import { findEditor, type EditorHost } from '../../scripts/ensure-editor.ts';
import { freePort } from './free-port.ts';
import { notCovered } from './postgres.ts';

/** A running workbench server with a throw-away home. */
export interface Editor {
  /** Address of the workbench with the folder open. */
  readonly url: string;
  readonly port: number;
  /** Everything it writes is below: HOME, settings, extensions, temporary files. */
  readonly home: string;
  /** The folder that it opens. */
  readonly folder: string;
  readonly extensionsDir: string;
  /** File of the user's settings; a workbench reads it when it loads. */
  readonly settingsFile: string;
  /** What the server and the extension hosts printed. */
  log(): string;
  /** Settles when the server ends by itself. */
  readonly ended: Promise<void>;
  /** Ends it with everything it started and deletes its home. */
  stop(): Promise<void>;
}

export interface EditorOptions {
  readonly folder: string;
  /** linked: this repository as it stands, so `dist` must be built. */
  readonly extension: 'linked' | 'none' | { readonly folder: string } | { readonly vsix: string };
  /** More environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** More user settings; they win over the calm ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets a page start mocha in the extension host. Modal dialogs then throw and toasts are hidden. */
  readonly smokeDriver?: boolean;
  /** The workspace has to be trusted by hand, in restricted mode until then. Otherwise the editor trusts everything. */
  readonly askForTrust?: boolean;
}

const repository = resolve(import.meta.dirname, '../..');
const editorMissing = 'the editor host is not installed (`node scripts/ensure-editor.ts` installs it)';

/** Nothing moves, asks or looks for news by itself. */
const calm = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.reduceMotion': 'on',
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
};

/** Restricted mode without a dialog at the start. */
const askingForTrust = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.emptyWindow': false,
};

/** What a test of the editor lacks on this machine, null when nothing: the editor host or a browser. */
export function missingEditor(): string | null {
  if (findEditor() === null) return editorMissing;
  return findChromium() === null ? 'Chromium is not installed (`node scripts/ensure-chromium.ts` installs it)' : null;
}

/** For a `before` hook: skips the tests with a note where the editor is missing; with SLUICE_TEST_REQUIRE=all it fails. */
export function requireEditor(context: Mocha.Context): void {
  context.timeout(120_000);
  const missing = missingEditor();
  if (missing === null) return;
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(missing);
  notCovered(`tests in the editor: ${missing}`);
  context.skip();
}

/** Starts the installed editor host and waits until it answers. */
export async function startEditor(options: EditorOptions): Promise<Editor> {
  const host = findEditor();
  if (host === null) throw new Error(editorMissing);
  const home = mkdtempSync(join(tmpdir(), 'sluice-ed-'));
  const places = layOut(home, options);
  if (typeof options.extension === 'object' && 'vsix' in options.extension) await installVsix(host, places, options);
  const port = await freePort();
  const words = [
    ...serverWords(places, port),
    ...(options.askForTrust === true ? [] : ['--disable-workspace-trust']),
    ...(options.smokeDriver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const server = spawnHost(host, words, places, options);
  let log = '';
  const collect = (piece: Buffer): void => {
    log = (log + piece.toString()).slice(-1_000_000);
  };
  server.stdout!.on('data', collect);
  server.stderr!.on('data', collect);
  const endAtExit = (): void => endGroup(server);
  process.once('exit', endAtExit);
  const exited = once(server, 'exit');

  async function stop(): Promise<void> {
    process.removeListener('exit', endAtExit);
    endGroup(server);
    await exited;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    await untilReady(port, server, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  const folder = resolve(options.folder);
  return {
    url: `http://127.0.0.1:${port}/?folder=${encodeURI(folder)}`,
    port,
    folder,
    ...places,
    log: () => log,
    ended: exited.then(() => {}),
    stop,
  };
}

/** Changes the user's settings for workbenches that load after this. */
export function changeSettings(editor: Editor, changes: Readonly<Record<string, unknown>>): void {
  const before = JSON.parse(readFileSync(editor.settingsFile, 'utf8')) as Record<string, unknown>;
  writeFileSync(editor.settingsFile, JSON.stringify({ ...before, ...changes }, null, 2));
}

interface Places {
  readonly home: string;
  readonly userData: string;
  readonly extensionsDir: string;
  readonly settingsFile: string;
}

function layOut(home: string, options: EditorOptions): Places {
  const userData = join(home, 'data');
  const extensionsDir = join(home, 'extensions');
  const settingsFile = join(userData, 'User/settings.json');
  for (const folder of ['data/User', 'extensions', 'config', 'run', 'tmp']) mkdirSync(join(home, folder), { recursive: true });
  const trust = options.askForTrust === true ? askingForTrust : {};
  writeFileSync(settingsFile, JSON.stringify({ ...calm, ...trust, ...options.settings }, null, 2));
  const { extension } = options;
  if (extension === 'linked') linkExtension(repository, extensionsDir);
  else if (typeof extension === 'object' && 'folder' in extension) linkExtension(resolve(extension.folder), extensionsDir);
  return { home, userData, extensionsDir, settingsFile };
}

/** The editor scans folders named publisher.name-version. */
function linkExtension(folder: string, extensionsDir: string): void {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<'publisher' | 'name' | 'version', string>;
  symlinkSync(folder, join(extensionsDir, `${manifest.publisher}.${manifest.name}-${manifest.version}`));
}

function serverWords(places: Places, port: number): readonly string[] {
  return [
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    ...placeWords(places),
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
  ];
}

function placeWords({ home, userData, extensionsDir }: Places): readonly string[] {
  return ['--config', join(home, 'config/config.yaml'), '--user-data-dir', userData, '--extensions-dir', extensionsDir];
}

async function installVsix(host: EditorHost, places: Places, options: EditorOptions): Promise<void> {
  if (typeof options.extension !== 'object' || !('vsix' in options.extension)) return;
  const child = spawnHost(host, [...placeWords(places), '--install-extension', resolve(options.extension.vsix)], places, options);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (piece: Buffer) => (output += piece.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the package could not be installed into the editor:\n${output}`);
}

/** In a process group of its own; on Linux the kernel ends it when this process dies, whatever killed it. */
function spawnHost(host: EditorHost, words: readonly string[], places: Places, options: EditorOptions): ChildProcess {
  const setpriv = '/usr/bin/setpriv';
  const command = [...(existsSync(setpriv) ? [setpriv, '--pdeathsig=TERM', '--'] : []), host.node, host.entry, ...words];
  return spawn(command[0]!, command.slice(1), {
    cwd: places.home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ownEnvironment(places.home), ...options.env },
  });
}

/** The environment of this process without what would reach the extension by accident. */
function ownEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|SLUICE_|npm_|NODE_|ELECTRON_|PG|DATABASE_URL$)/.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    TMPDIR: join(home, 'tmp'),
    // No gallery: nothing is looked up outside.
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
  };
}

async function untilReady(port: number, server: ChildProcess, log: () => string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the editor host did not start:\n${log()}`);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`the editor host did not start within 60 s:\n${log()}`);
}

function endGroup(server: ChildProcess): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
