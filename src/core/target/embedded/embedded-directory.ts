import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';

/** The nearest `.sluice/postgres` upward from `base` (an absolute path), else the place in `base` where it will be made. */
export function embeddedDirectory(base: string): string {
  for (let folder = base; ; folder = dirname(folder)) {
    const candidate = join(folder, '.sluice', 'postgres');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return join(base, '.sluice', 'postgres');
  }
}

/** For people: which database it is, without the whole path. */
export function embeddedLabel(directory: string): string {
  return `embedded (${basename(dirname(directory))}/${basename(directory)})`;
}

/** What `--target` takes to name the directory again from `base`: relative where it lies below. */
export function embeddedName(directory: string, base: string): string {
  return `embedded:${pathFrom(base, directory)}`;
}

/** `directory` relative to `base` where it lies below it, else as it is. */
export function pathFrom(base: string, directory: string): string {
  const near = relative(base, directory);
  const inside = near !== '' && !near.startsWith('..') && !isAbsolute(near);
  return inside ? near : directory;
}
