/**
 * Makes the extension's package for one platform: `npm run package [-- linux-x64]`; without a name, for this machine's. What esbuild cannot bundle
 * (a native module, WebAssembly files) is put beside the bundles first, of the native module that platform's binary alone.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Name of a VSIX target → name of the binary. */
const binaries: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'alpine-x64': 'linuxmusl-x64',
  'alpine-arm64': 'linuxmusl-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
};

const root = resolve(import.meta.dirname, '..');
const staged = join(root, 'dist/node_modules');

makePackage(process.argv[2] ?? `${process.platform}-${process.arch}`);

function makePackage(target: string): void {
  const binary = binaries[target];
  if (binary === undefined) throw new Error(`unknown platform ${target}; there are: ${Object.keys(binaries).join(', ')}`);
  stageModules(binary);
  try {
    const words = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--target', target];
    const { status } = spawnSync(join(root, 'node_modules/.bin/vsce'), words, { cwd: root, stdio: 'inherit' });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function stageModules(binary: string): void {
  rmSync(staged, { recursive: true, force: true });
  stage('better-sqlite3', ['package.json', 'LICENSE', 'lib/**/*.js', `prebuilds/${binary}.node`]);
  for (const name of ['@electric-sql/pglite', '@electric-sql/pglite-pgvector']) {
    stage(name, ['package.json', 'LICENSE*', 'dist/*.js', 'dist/*.wasm', 'dist/*.data', 'dist/vector.tar.gz', 'dist/{fs,vector}/*.js']);
  }
}

function stage(name: string, patterns: readonly string[]): void {
  const from = join(root, 'node_modules', name);
  const files = globSync([...patterns], { cwd: from });
  if (files.length === 0) throw new Error(`nothing found of ${name}: run npm ci first`);
  for (const file of files) {
    const to = join(staged, name, file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(from, file), to);
  }
}
