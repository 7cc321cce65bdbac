import { MigrationError } from '../../errors.ts';
import { locationText, nameOfFile, storeName } from '../../model/store-location.ts';
import type { FileSet } from '../shared/files/file-set.ts';
import { hiveValues } from '../shared/files/hive-values.ts';
import { listSome } from '../shared/files/list-some.ts';
import { matcherOf, type TablesSetting } from './set-settings.ts';
import type { StudiedFile } from './freeze-file.ts';

export interface FileGroup {
  /** Of the table. */
  readonly name: string;
  readonly files: readonly StudiedFile[];
}

export interface ChosenTables {
  /** As the plan has it. */
  readonly setting: TablesSetting;
  readonly groups: readonly FileGroup[];
}

/**
 * Which files are one table. What the plan says goes first. Without that a glob, a list, and a folder of partitions are one table; in any other folder,
 * files whose headers have the same names are. Throws `invalid-source-setting`.
 */
export function chooseTables(set: FileSet, files: readonly StudiedFile[], wanted: TablesSetting | null): ChosenTables {
  if (wanted === 'each') return { setting: 'each', groups: nameApart(files.map((file) => [file])) };
  if (wanted !== null && wanted !== 'one') return { setting: wanted, groups: groupByGlobs(set, files, wanted) };
  const one: ChosenTables = { setting: 'one', groups: [{ name: set.name, files }] };
  if (wanted === 'one' || !set.folder || files.every(isInPartition)) return one;
  const lists = [...Map.groupBy(files, headerKey).values()];
  if (lists.length === 1) return one;
  const groups = nameApart(lists);
  if (lists.every(({ length }) => length === 1)) return { setting: 'each', groups };
  const setting = Object.fromEntries(groups.map((group) => [group.name, globsOf(group, files)]));
  return { setting, groups };
}

function isInPartition({ file }: StudiedFile): boolean {
  return hiveValues(file.name.split('/').slice(0, 2).join('/')).size > 0;
}

/** Names in any order; without a header, how many columns there are. */
function headerKey({ file, study }: StudiedFile): string {
  const partitions = [...hiveValues(file.name).keys()];
  return JSON.stringify([study.dialect.header ? study.columns.toSorted() : study.columns.length, partitions]);
}

/** The folder that a file lies in, without partitions. */
function folderOf({ file }: StudiedFile): string {
  const folders = file.name.split('/').slice(0, -1);
  const partition = folders.findIndex((folder) => folder.includes('='));
  return (partition < 0 ? folders : folders.slice(0, partition)).join('/');
}

/** Each list gets a name of its own: its folder's, where it has one for itself, else what the names of its files begin with. */
function nameApart(lists: readonly (readonly StudiedFile[])[]): FileGroup[] {
  const used = new Set<string>();
  const all = lists.flat();
  return lists.map((files) => {
    const names = files.map(({ file }) => file.name);
    const folder = files.length === 1 ? null : ownFolder(files, all);
    const [first = ''] = names;
    const base = folder?.split('/').at(-1) ?? (files.length === 1 ? nameOfFile(first) : storeName(names));
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}_${n}`;
    used.add(name);
    return { name, files };
  });
}

/** The folder that all of these files lie in, and no other; null = there is none. */
function ownFolder(files: readonly StudiedFile[], all: readonly StudiedFile[]): string | null {
  const folders = new Set(files.map(folderOf));
  const [folder] = folders;
  if (folders.size !== 1 || folder === undefined || folder === '') return null;
  const below = all.filter(({ file }) => file.name.startsWith(`${folder}/`));
  return below.length === files.length ? folder : null;
}

function globsOf({ files }: FileGroup, all: readonly StudiedFile[]): string | readonly string[] {
  const folder = ownFolder(files, all);
  return folder !== null && !/[*?[\](){}!+@|\\]/.test(folder) ? `${folder}/**` : files.map(({ file }) => file.name);
}

function groupByGlobs(set: FileSet, files: readonly StudiedFile[], tables: Exclude<TablesSetting, string>): FileGroup[] {
  const wrong = (detail: string): MigrationError =>
    new MigrationError('invalid-source-setting', { context: { path: locationText(set.location), setting: 'tables', detail } });
  const claims = Object.entries(tables).map(([name, globs]) => ({ name, matches: matcherOf(globs), files: [] as StudiedFile[] }));
  for (const file of files) {
    const [first, second] = claims.filter(({ matches }) => matches(file.file.name));
    if (first === undefined) throw wrong(`${file.file.name} belongs to none of the tables`);
    if (second !== undefined) throw wrong(`${file.file.name} belongs to ${first.name} and to ${second.name}`);
    first.files.push(file);
  }
  const empty = claims.filter((claim) => claim.files.length === 0).map(({ name }) => name);
  if (empty.length > 0) throw wrong(`there is no file for ${listSome(empty)}`);
  return claims;
}
