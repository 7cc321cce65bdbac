import { chmodSync, copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { notCovered } from './postgres.ts';
import { projectRoot } from './run-cli.ts';

/** Files that others published; they are not part of this repository. */
export interface CorpusFolder {
  readonly path: string;
  /** Empty where the folder is not there. */
  readonly names: readonly string[];
}

export function corpusFolder(path: string, ending: string): CorpusFolder {
  const folder = join(projectRoot, '../shared/corpus', path);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : [];
  return { path: folder, names: names.sort() };
}

/** Inside of a test or a hook: goes on where the folder is there; else it says so and skips, or fails where nothing may be missing. */
export function requireCorpus(context: Mocha.Context, { names, path }: CorpusFolder): void {
  if (names.length > 0) return;
  const note = `files of others: ${path.slice(path.indexOf('shared/'))} is not there`;
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(note);
  notCovered(note);
  context.skip();
}

/** Copies a file into the folder of a store under its own name. */
export function copyOfCorpus({ path }: CorpusFolder, name: string, folder: string): string {
  const copy = join(folder, name);
  copyFileSync(join(path, name), copy);
  chmodSync(copy, 0o644);
  return copy;
}
