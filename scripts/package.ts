/**
 * Makes the extension's package for one platform: `npm run package [-- linux-x64] [--out FILE]`; without a name, for this machine's. The build takes
 * place in a copy of the sources, so that dist/ stays as it is. What esbuild cannot bundle (a native module, WebAssembly files) is put beside the
 * bundles, of the native modules that platform's binary alone: better-sqlite3 brings all of them, DuckDB's are packages of their own, of which npm
 * installs this machine's and this script packs another's, compared with the lock file.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { webviewOptions } from './build-webview.ts';
import { bundledPackages, licenseNotice, packageFolder } from './package-licenses.ts';

interface Binaries {
  /** File of better-sqlite3. */
  readonly sqlite: string;
  /** End of the name of DuckDB's package. */
  readonly duckdb: string;
}

/** By the name of a VSIX target. */
const binaries: Readonly<Record<string, Binaries>> = {
  'linux-x64': { sqlite: 'linux-x64', duckdb: 'linux-x64' },
  'linux-arm64': { sqlite: 'linux-arm64', duckdb: 'linux-arm64' },
  'alpine-x64': { sqlite: 'linuxmusl-x64', duckdb: 'linux-x64-musl' },
  'alpine-arm64': { sqlite: 'linuxmusl-arm64', duckdb: 'linux-arm64-musl' },
  'darwin-x64': { sqlite: 'darwin-x64', duckdb: 'darwin-x64' },
  'darwin-arm64': { sqlite: 'darwin-arm64', duckdb: 'darwin-arm64' },
  'win32-x64': { sqlite: 'win32-x64', duckdb: 'win32-x64' },
  'win32-arm64': { sqlite: 'win32-arm64', duckdb: 'win32-arm64' },
};

const root = resolve(import.meta.dirname, '..');
/** What the build reads. */
const sources = ['src', 'webview', 'scripts', 'esbuild.js', 'tsconfig.json'];
/** What goes into the package as it is. */
const shipped = ['media', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'];
/** Of packages that find files of their own beside themselves. */
const unbundled: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['package.json', 'LICENSE', 'lib/**/*.js'],
  '@duckdb/node-api': ['package.json', 'LICENSE', 'lib/**/*.js'],
  '@duckdb/node-bindings': ['package.json', 'LICENSE', 'duckdb.js'],
  'detect-libc': ['package.json', 'LICENSE', 'lib/*.js'],
  '@electric-sql/pglite': ['package.json', 'LICENSE', 'dist/*.js', 'dist/fs/*.js', 'dist/*.wasm', 'dist/*.data'],
  '@electric-sql/pglite-pgvector': ['package.json', 'LICENSE', 'dist/index.js', 'dist/vector.tar.gz'],
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
await makePackage(positionals[0] ?? `${process.platform}-${process.arch}`, values.out ?? null);

async function makePackage(target: string, out: string | null): Promise<void> {
  const binary = binaries[target];
  if (binary === undefined) throw new Error(`unknown platform ${target}; there are: ${Object.keys(binaries).join(', ')}`);
  const stage = join(root, '.cache', `package-${process.pid}`);
  try {
    const manifest = layOut(stage);
    const file = resolve(out ?? join(root, `${manifest.name}-${target}-${manifest.version}.vsix`));
    run(process.execPath, ['esbuild.js', '--production'], stage);
    writeFileSync(join(stage, 'dist/LICENSES.txt'), licenseNotice(await packagesIn(join(stage, 'dist'))));
    stageModules(join(stage, 'dist/node_modules'), binary);
    stageDuckDb(stage, `@duckdb/node-bindings-${binary.duckdb}`);
    const words = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--target', target];
    run(join(root, 'node_modules/.bin/vsce'), [...words, '--out', file], stage);
    console.log(`${relative('.', file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** A folder to build and pack in. Its package.json says nothing about how it came to be. */
function layOut(stage: string): { readonly name: string; readonly version: string } {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of [...sources, ...shipped]) cpSync(join(root, name), join(stage, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'), 'junction');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  const left = new Set(['private', 'scripts', 'bin', 'dependencies', 'optionalDependencies', 'devDependencies']);
  const kept = Object.fromEntries(Object.entries(manifest).filter(([key]) => !left.has(key)));
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
  return manifest;
}

/** Folders of all packages that are in the package, whole or in part. */
async function packagesIn(dist: string): Promise<readonly string[]> {
  // Pages are built without source maps here.
  const { metafile } = await esbuild.build({ ...webviewOptions(true), plugins: [], write: false, metafile: true, absWorkingDir: root });
  const inPages = Object.keys(metafile.inputs).map((input) => packageFolder(join(root, input)));
  const beside = [...Object.keys(unbundled), '@vscode/codicons'].map((name) => join(root, 'node_modules', name));
  return [...bundledPackages(dist), ...inPages.filter((folder) => folder !== null), ...beside];
}

function stageModules(folder: string, binary: Binaries): void {
  for (const [name, patterns] of Object.entries(unbundled)) {
    stage(folder, name, [...patterns, ...(name === 'better-sqlite3' ? [`prebuilds/${binary.sqlite}.node`] : [])]);
  }
}

/** The binary of DuckDB for the package's platform: as it is installed, else as npm packs it, which must be what the lock file names. */
function stageDuckDb(folder: string, name: string): void {
  const to = join(folder, 'dist/node_modules', name);
  const installed = join(root, 'node_modules', name);
  mkdirSync(to, { recursive: true });
  if (existsSync(installed)) {
    cpSync(installed, to, { recursive: true });
    return;
  }
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; integrity: string } | undefined>;
  };
  const wanted = locked.packages[`node_modules/${name}`];
  if (wanted === undefined) throw new Error(`${name} is not in package-lock.json`);
  run('npm', ['pack', `${name}@${wanted.version}`, '--silent', '--pack-destination', folder], folder);
  const [archive] = globSync('*.tgz', { cwd: folder });
  if (archive === undefined) throw new Error(`npm packed nothing for ${name}`);
  const hash = `sha512-${createHash('sha512')
    .update(readFileSync(join(folder, archive)))
    .digest('base64')}`;
  if (hash !== wanted.integrity) throw new Error(`${name} is not what package-lock.json names: ${hash}`);
  run('tar', ['-xzf', archive, '-C', to, '--strip-components=1'], folder);
  rmSync(join(folder, archive));
}

function stage(folder: string, name: string, patterns: readonly string[]): void {
  const from = join(root, 'node_modules', name);
  for (const pattern of patterns) {
    const files = globSync(pattern, { cwd: from });
    if (files.length === 0) throw new Error(`nothing found of ${name} for ${pattern}: run npm ci first`);
    for (const file of files) {
      mkdirSync(dirname(join(folder, name, file)), { recursive: true });
      cpSync(join(from, file), join(folder, name, file));
    }
  }
}

function run(program: string, words: readonly string[], folder: string): void {
  const shell = process.platform === 'win32' && program !== process.execPath;
  const { status } = spawnSync(program, words, { cwd: folder, stdio: 'inherit', shell });
  if (status !== 0) throw new Error(`${program} ${words[0]} ended with ${status}`);
}
