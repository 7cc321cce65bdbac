import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path and SHA-256 of every file below a folder, sorted. */
export function hashesOfTree(folder: string): readonly string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path.slice(folder.length + 1)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
}
