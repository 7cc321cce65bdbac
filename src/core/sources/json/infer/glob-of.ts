import { filesOf } from '../document-table.ts';
import type { DocumentFiles } from '../document-files.ts';

/** A glob that fits these files and none of the others. */
export function globOf(files: readonly string[], all: DocumentFiles, single: boolean): string {
  if (single) return '*';
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only;
  const wanted = new Set(files);
  const fits = (glob: string): boolean => {
    const found = filesOf(glob, all);
    if (found.size !== wanted.size) return false;
    for (const number of found) if (!wanted.has(all.nameAt(number))) return false;
    return true;
  };
  const levels = files[0]!.split('/').map(() => new Set<string>());
  for (const file of files) for (const [level, name] of file.split('/').entries()) levels[level]?.add(name);
  const globs = [
    levels.map((parts, level) => general(parts, level === levels.length - 1)),
    levels.map((parts, level) => listed(parts, level === levels.length - 1)),
  ];
  return globs.map((segments) => segments.join('/')).find(fits) ?? `{${files.map(escaped).join(',')}}`;
}

function general(names: ReadonlySet<string>, isFile: boolean): string {
  const [first = ''] = names;
  if (names.size === 1) return escaped(first);
  return isFile ? `*${commonEnding(names)}` : '*';
}

function listed(names: ReadonlySet<string>, isFile: boolean): string {
  return isFile || names.size === 1 ? general(names, isFile) : `{${[...names].toSorted().map(escaped).join(',')}}`;
}

function commonEnding(names: ReadonlySet<string>): string {
  const endings = new Set([...names].map((name) => /\.[^.]+$/.exec(name)?.[0] ?? ''));
  const [ending = ''] = endings;
  return endings.size === 1 ? escaped(ending) : '';
}

function escaped(name: string): string {
  return name.replace(/[\\*?[\](){}!+@|,]/g, '\\$&');
}
