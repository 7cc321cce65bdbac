import { registerHooks } from 'node:module';
import { join } from 'node:path';

/**
 * Whether what a test starts beside itself, threads, processes and calls of the command line, runs the bundle. `npm test` says so, which has just made
 * it: a thread that loads hundreds of files takes five times the work of one that loads the bundle, and there are thousands. The test's own process
 * loads the sources, so that its stack traces name them.
 */
const usesBundle = process.env['SLUICE_TEST_BUNDLE'] === '1';

const projectRoot = join(import.meta.dirname, '../..');

/** The file that is started: one of the bundle, or of the sources. Both are relative to the root of the project. */
export function startedFile(inSources: string, inBundle: string): string {
  return join(projectRoot, usesBundle ? inBundle : inSources);
}

/** Called once by test/helpers/root-hooks.ts, before any test is loaded. */
export function redirectEntryFiles(): void {
  if (!usesBundle) return;
  const standIn = new URL('./bundled-entry-file.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const found = nextResolve(specifier, context);
      return found.url.endsWith('/src/engine/entry-file.ts') ? { ...found, url: standIn } : found;
    },
  });
}
