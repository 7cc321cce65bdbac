import { plural } from '../../model/plural.ts';
import type { FileSet } from '../shared/files/file-set.ts';
import { listSome } from '../shared/files/list-some.ts';
import type { DelimitedTable } from './delimited-snapshot.ts';
import { describeFaults } from './describe-dialect.ts';
import type { StudiedFile } from './freeze-file.ts';

export interface FilesFacts {
  readonly set: FileSet;
  readonly files: readonly StudiedFile[];
  /** Of the files, without partitions. */
  readonly columns: readonly string[];
  /** Names of folders, and of their columns. */
  readonly partitions: readonly { readonly key: string; readonly name: string }[];
  /** Of each file. */
  readonly folders: readonly ReadonlyMap<string, string | null>[];
}

/** Files whose faults and names are told one by one. */
const mostTold = 10;

/** How the files of a table are written and brought together, with the evidence. */
export function describeFiles(facts: FilesFacts): readonly string[] {
  const { set, files } = facts;
  const [first] = files;
  if (set.single && first !== undefined) {
    const { study } = first;
    return [...compressionOf(first), ...study.described, ...describeFaults(study.survey, ''), ...study.renamed];
  }
  return [
    files.length === 1
      ? `is the file ${first?.file.name ?? ''}`
      : `is ${plural(files.length, 'file')}, read in the order of their paths: ${listSome(namesOf(files))}`,
    ...(set.passedOver.length === 0 ? [] : [`Passed over beside them: ${listSome(set.passedOver, mostTold)}.`]),
    ...describeUnion(facts),
    ...describeKinds(files),
    ...describeEach(files),
  ];
}

/** What a person should look at before such a table is moved. */
export function warnOfFiles({ set, files }: Pick<FilesFacts, 'set' | 'files'>): DelimitedTable['warnings'] {
  if (set.single || files.length < 2) return [];
  const warnings: { code: string; message: string }[] = [];
  const counts = new Map<string, number>();
  for (const { study } of files) for (const column of study.columns) counts.set(column, (counts.get(column) ?? 0) + 1);
  const apart = files.filter(({ study }) => study.columns.every((column) => counts.get(column) === 1));
  if (apart.length > 0)
    warnings.push({
      code: 'files-apart',
      message: `No column of ${listSome(namesOf(apart))} is in any other file of the table; if these are tables of their own, set "tables" of the source to "each" or name the files of each table.`,
    });
  const unproved = files.filter(({ study }) => study.dialect.header && !study.headerProved);
  const headers = Map.groupBy(files, headerOf);
  const alone = unproved.filter((file) => headers.get(headerOf(file))?.length === 1);
  if (alone.length > 0)
    warnings.push({
      code: 'unproved-header',
      message: `The first record of ${listSome(namesOf(alone))} is taken for the names of columns, which nothing proves; set "header": false if it is a row.`,
    });
  return warnings;
}

function headerOf({ study }: StudiedFile): string {
  return JSON.stringify(study.columns);
}

function describeUnion({ files, columns, partitions, folders }: FilesFacts): readonly string[] {
  const notes: string[] = [];
  for (const column of columns) {
    const without = files.filter(({ study }) => !study.columns.includes(column));
    if (without.length > 0)
      notes.push(
        `The column ${column} is missing in ${without.length} of ${plural(files.length, 'file')} (${listSome(namesOf(without), 3)}): NULL in ${plural(rowsOf(without), 'row')}.`,
      );
  }
  for (const { key, name } of partitions) {
    const without = files.filter((_, i) => folders[i]?.has(key) !== true);
    const rest = without.length === 0 ? '' : `; NULL in the rows of ${listSome(namesOf(without), 3)}, which do not lie in one`;
    notes.push(`The column ${name} is the value of the folders ${key}=…, as text${rest}.`);
  }
  const folded = Map.groupBy(columns, (column) => column.toLowerCase());
  for (const alike of folded.values())
    if (alike.length > 1) notes.push(`The columns ${alike.join(' and ')} differ in upper and lower case only and stay apart.`);
  return notes;
}

/** Files that are written alike are told together, with the evidence of the first. */
function describeKinds(files: readonly StudiedFile[]): readonly string[] {
  const kinds = [...Map.groupBy(files, ({ study, compression }) => JSON.stringify([study.dialect, compression])).values()];
  return kinds.slice(0, mostTold).flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const which =
      alike.length === 1 ? first.file.name : `${alike.length} files (${listSome(namesOf(alike), 3)}) are written alike; ${first.file.name}`;
    return [`${which}: ${[...compressionOf(first), ...first.study.described].join(' ')}`];
  });
}

function describeEach(files: readonly StudiedFile[]): readonly string[] {
  const faulty = files.filter(({ study }) => study.survey.unreadable > 0);
  const rest = faulty.slice(mostTold);
  const unread = rest.reduce((sum, { study }) => sum + study.survey.unreadable, 0);
  return [
    ...[...faulty.slice(0, mostTold), ...files.filter(({ study }) => study.survey.unreadable === 0).slice(0, mostTold)].flatMap(
      ({ file, study }) => describeFaults(study.survey, ` in ${file.name}`),
    ),
    ...(rest.length === 0
      ? []
      : [`has ${plural(unread, 'record')} in ${plural(rest.length, 'more file')} that are not carried over but kept as rejects`]),
    ...new Set(files.flatMap(({ study }) => study.renamed)),
  ];
}

function compressionOf({ compression }: StudiedFile): readonly string[] {
  return compression === null ? [] : [`The file is compressed (${compression}); places of rows count bytes of what it holds.`];
}

function namesOf(files: readonly StudiedFile[]): readonly string[] {
  return files.map(({ file }) => file.name);
}

function rowsOf(files: readonly StudiedFile[]): number {
  return files.reduce((sum, { study }) => sum + study.survey.rows, 0);
}
