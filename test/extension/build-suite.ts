import { globSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';

const repository = resolve(import.meta.dirname, '../..');
/** Ignored by git. */
const output = join(repository, '.cache/extension-tests');

/**
 * Bundles every test of the suite and the mocha that runs them, for an extension host, which runs no TypeScript.
 * Gives the path of the module that the editor calls. It ends in .cjs, because the host loads what belongs to an ESM extension as ESM otherwise.
 */
export async function buildSuite(): Promise<string> {
  rmSync(output, { recursive: true, force: true });
  const tests = globSync('suite/**/*.test.ts', { cwd: import.meta.dirname }).sort();
  await esbuild.build({
    entryPoints: ['run-mocha.ts', ...tests].map((file) => ({ in: join(import.meta.dirname, file), out: file.replace(/\.ts$/, '') })),
    outdir: output,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    // `vscode` comes from the editor; the rest is found in node_modules, because the output lies inside the repository.
    packages: 'external',
    sourcemap: 'inline',
    // An extension host has an environment of its own.
    define: { "process.env['SLUICE_TEST_OPENINGS']": JSON.stringify(process.env['SLUICE_TEST_OPENINGS'] ?? '20') },
    logLevel: 'warning',
  });
  return join(output, 'run-mocha.cjs');
}
