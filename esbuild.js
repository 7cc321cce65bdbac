// Builds dist/: the command line, the worker thread, the embedded process, and the JSON Schema of the plan file.
// `--production` minifies, `--watch` builds again on every change.
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { planJsonSchema } from './src/core/plan/plan-json-schema.ts';

const dist = 'dist';
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: {
    // Code is split, because main.ts must not load anything before it has checked the version of Node.
    sluice: 'src/cli/main.ts',
    'engine-worker': 'src/core/run/engine-worker.ts',
    'embedded-process': 'src/embedded-process/main.ts',
  },
  outdir: dist,
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // jsonc-parser's `main` is UMD, whose requires a bundle cannot follow.
  mainFields: ['module', 'main'],
  sourcemap: true,
  minify: production,
  metafile: true,
  logLevel: 'warning',
  // ES modules first: jsonc-parser's other form cannot be bundled. The externals find files of their own (natives, WASM) beside themselves.
  mainFields: ['module', 'main'],
  external: ['better-sqlite3', '@electric-sql/*'],
  // Packages written as CommonJS still call require() for what Node brings.
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);",
  },
  plugins: [{ name: 'finish', setup: (build) => build.onEnd(finish) }],
};

await mkdir(dist, { recursive: true });
if (watch) {
  const context = await esbuild.context(options);
  await context.watch();
  console.log('watching');
} else {
  // What went wrong has been printed by then.
  await esbuild.build(options).catch(() => process.exit(1));
}

/** @param {esbuild.BuildResult} result */
async function finish(result) {
  if (result.metafile === undefined) return;
  const made = new Set(Object.keys(result.metafile.outputs).map((path) => basename(path)));
  const stale = (await readdir(dist)).filter((name) => name.startsWith('chunk-') && !made.has(name));
  await Promise.all(stale.map((name) => rm(join(dist, name))));
  await chmod(join(dist, 'sluice.js'), 0o755);
  await writeFile(join(dist, 'plan.schema.json'), `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
}
