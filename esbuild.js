// Builds dist/: the command line and the processes it shares with the editor, the extension, the pages of the panels, and the JSON Schema of the
// plan file. `--production` minifies, `--watch` builds again on every change.
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { webviewOptions } from './scripts/build-webview.ts';
import { planJsonSchema } from './src/core/plan/plan-json-schema.ts';

const dist = 'dist';
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  sourcemap: true,
  minify: production,
  metafile: true,
  logLevel: 'warning',
  // ES modules first: jsonc-parser's other form cannot be bundled.
  mainFields: ['module', 'main'],
};

/** @type {import('esbuild').BuildOptions} */
const engine = {
  ...shared,
  entryPoints: {
    // Code is split, because main.ts must not load anything before it has checked the version of Node.
    sluice: 'src/cli/main.ts',
    'engine-process': 'src/engine-process/main.ts',
    'engine-worker': 'src/core/run/engine-worker.ts',
    'embedded-process': 'src/embedded-process/main.ts',
  },
  outdir: dist,
  chunkNames: 'chunk-[hash]',
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // These find files of their own (natives, WASM) beside themselves; DuckDB's is loaded when the first of its stores is opened.
  external: ['better-sqlite3', '@duckdb/*', '@electric-sql/*'],
  // Packages written as CommonJS still call require() for what Node brings.
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);",
  },
  plugins: [{ name: 'finish', setup: (build) => build.onEnd(finishEngine) }],
};

/** @type {import('esbuild').BuildOptions} */
const extension = {
  ...shared,
  // CommonJS: one file, in which what is imported dynamically is evaluated at its first use only.
  entryPoints: { extension: 'src/extension.ts' },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
};

const builds = [engine, extension, webviewOptions(production)];

await mkdir(dist, { recursive: true });
if (watch) {
  for (const options of builds) await (await esbuild.context(options)).watch();
  console.log('watching');
} else {
  // What went wrong has been printed by then.
  const outcomes = await Promise.allSettled(builds.map((options) => esbuild.build(options)));
  if (outcomes.some(({ status }) => status === 'rejected')) process.exitCode = 1;
}

/** @param {esbuild.BuildResult} result */
async function finishEngine(result) {
  if (result.metafile === undefined) return;
  const made = new Set(Object.keys(result.metafile.outputs).map((path) => basename(path)));
  const stale = (await readdir(dist)).filter((name) => name.startsWith('chunk-') && !made.has(name));
  await Promise.all(stale.map((name) => rm(join(dist, name))));
  await chmod(join(dist, 'sluice.js'), 0o755);
  await writeFile(join(dist, 'plan.schema.json'), `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
}
