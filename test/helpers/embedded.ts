import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from '../../src/core/engine-deps.ts';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { forkEmbedded } from '../../src/embedded-process/fork-embedded.ts';
import { startedFile } from './use-bundle.ts';

const embeddedEntry = pathToFileURL(startedFile('src/embedded-process/main.ts', 'dist/embedded-process.js'));

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A path for an embedded database in a throw-away folder. */
export function embeddedFolder(): { readonly directory: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  return { directory: join(folder, '.sluice', 'postgres'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Process ids of the embedded databases that this process has forked, of the sources or the bundle. */
export function embeddedChildren(): number[] {
  const listing = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const lines = listing.split('\n').filter((line) => /embedded-process(?:\/main\.ts|\.js)/.test(line));
  return lines.map((line) => Number.parseInt(line, 10));
}

export function forkTestEmbedded(directory: string, program = 'sluice test'): Promise<EmbeddedLink> {
  return forkEmbedded(embeddedEntry, directory, { log: silent, program });
}
