/**
 * Builds the pages of the panels into dist/webview: one script and one style sheet per folder of webview/ that has a main.ts, and codicons.
 * A part of esbuild.js; `node scripts/build-webview.ts` builds only this.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist/webview');

/** Names of the panels that have a page: `rows`, … */
export function panelNames(): string[] {
  return readdirSync(join(root, 'webview')).filter((name) => existsSync(join(root, 'webview', name, 'main.ts')));
}

/** A page imports its style sheet in main.ts. Always minified, because the size of a page is tested. */
export function webviewOptions(production = false): esbuild.BuildOptions {
  const entryPoints = panelNames().map((name) => ({ in: join(root, 'webview', name, 'main.ts'), out: name }));
  return {
    entryPoints,
    outdir,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    // Chromium of the oldest editor that is supported (1.105).
    target: 'chrome138',
    minify: true,
    sourcemap: production ? false : 'linked',
    tsconfig: join(root, 'webview/tsconfig.json'),
    logLevel: 'warning',
    plugins: [{ name: 'codicons', setup: (build) => build.onEnd(copyCodicons) }],
  };
}

async function copyCodicons(): Promise<void> {
  const folder = join(outdir, 'codicons');
  await mkdir(folder, { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf']) {
    await copyFile(join(root, 'node_modules/@vscode/codicons/dist', file), join(folder, file));
  }
}

if (import.meta.main) await esbuild.build(webviewOptions()).catch(() => process.exit(1));
